package dev.culvert.rendezvous.call;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.culvert.identity.SealingKey;
import dev.culvert.sansio.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes and reads {@link CallBody bodies}, in the form that the package tells. */
final class CallText {
  static final int LONGEST = 8 << 10;
  private static final int VERSION = 1;
  private static final int PROOF = 32;
  static final int SESSION = 16;
  private static final long MOST = (1L << 53) - 1;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(LONGEST).build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private CallText() {}

  static Bytes write(CallBody body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("v", VERSION);
      members(body.message(), out);
      if (body.sequence().isPresent()) {
        out.writeNumberField("seq", body.sequence().get());
      }
      out.writeNumberField("ack", body.acknowledged());
      out.writeStringField("key", text(body.key()));
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.wrap(bytes.toByteArray());
  }

  private static void members(CallMessage message, JsonGenerator out) throws IOException {
    if (message instanceof CallMessage.Offer offer) {
      out.writeStringField("t", "offer");
      if (offer.proof().isPresent()) {
        out.writeStringField("proof", text(offer.proof().get()));
      }
    } else if (message instanceof CallMessage.Ringing) {
      out.writeStringField("t", "ringing");
    } else if (message instanceof CallMessage.Answer answer) {
      out.writeStringField("t", "answer");
      out.writeStringField("ice", answer.description());
      if (answer.instead().isPresent()) {
        out.writeStringField("instead", text(answer.instead().get()));
      }
    } else if (message instanceof CallMessage.Describe describe) {
      out.writeStringField("t", "describe");
      out.writeStringField("ice", describe.description());
    } else if (message instanceof CallMessage.Decline decline) {
      out.writeStringField("t", "decline");
      out.writeStringField("reason", decline.busy() ? "busy" : "declined");
    } else if (message instanceof CallMessage.Bye bye) {
      out.writeStringField("t", "bye");
      out.writeStringField("reason", bye.reason());
      if (bye.unanswered()) {
        out.writeBooleanField("unanswered", true);
      }
    } else if (message instanceof CallMessage.Sync sync) {
      out.writeStringField("t", "sync");
      out.writeNumberField("sent", sync.sent());
    } else if (message instanceof CallMessage.Synced synced) {
      out.writeStringField("t", "synced");
      out.writeNumberField("sent", synced.sent());
      out.writeNumberField("held", synced.held());
    } else {
      out.writeStringField("t", "ack");
    }
  }

  private static String text(Bytes bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /** Reads one; empty for everything that is none, and for other versions. */
  static Optional<CallBody> read(Bytes payload) {
    if (payload.length() > LONGEST) {
      return Optional.empty();
    }
    Map<String, Object> in = new HashMap<>();
    try (JsonParser parser = JSON.createParser(payload.toByteArray())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        switch (parser.nextToken()) {
          case VALUE_STRING -> in.put(name, parser.getText());
          case VALUE_NUMBER_INT -> in.put(name, parser.getLongValue());
          case VALUE_TRUE -> in.put(name, true);
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return body(in);
  }

  private static Optional<CallBody> body(Map<String, Object> in) {
    Optional<CallMessage> message = message(in);
    Optional<Bytes> key = bytes(in, "key", SealingKey.LENGTH);
    Optional<Long> acknowledged = number(in, "ack");
    Optional<Long> sequence = number(in, "seq");
    if (message.isEmpty()
        || key.isEmpty()
        || acknowledged.isEmpty()
        || !number(in, "v").equals(Optional.of((long) VERSION))) {
      return Optional.empty();
    }
    boolean later = message.get() instanceof CallMessage.Unknown;
    if (!later && message.get().isOrdered() != sequence.isPresent()) {
      return Optional.empty();
    }
    return Optional.of(new CallBody(sequence, acknowledged.get(), key.get(), message.get()));
  }

  private static Optional<CallMessage> message(Map<String, Object> in) {
    return switch (text(in, "t").orElse("")) {
      case "offer" ->
          in.containsKey("proof")
              ? bytes(in, "proof", PROOF).map(proof -> new CallMessage.Offer(Optional.of(proof)))
              : Optional.of(new CallMessage.Offer(Optional.empty()));
      case "ringing" -> Optional.of(new CallMessage.Ringing());
      case "answer" ->
          text(in, "ice").map(ice -> new CallMessage.Answer(ice, bytes(in, "instead", SESSION)));
      case "describe" -> text(in, "ice").map(CallMessage.Describe::new);
      case "decline" ->
          Optional.of(new CallMessage.Decline(text(in, "reason").orElse("").equals("busy")));
      case "bye" ->
          Optional.of(
              new CallMessage.Bye(
                  text(in, "reason").orElse(""), Boolean.TRUE.equals(in.get("unanswered"))));
      case "sync" -> number(in, "sent").map(CallMessage.Sync::new);
      case "synced" ->
          number(in, "sent")
              .flatMap(sent -> number(in, "held").map(held -> new CallMessage.Synced(sent, held)));
      case "ack" -> Optional.of(new CallMessage.Ack());
      case "" -> Optional.empty();
      default -> Optional.of(new CallMessage.Unknown());
    };
  }

  private static Optional<String> text(Map<String, Object> in, String name) {
    return in.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Optional<Long> number(Map<String, Object> in, String name) {
    return in.get(name) instanceof Long number && number >= 0 && number <= MOST
        ? Optional.of(number)
        : Optional.empty();
  }

  private static Optional<Bytes> bytes(Map<String, Object> in, String name, int length) {
    try {
      return text(in, name)
          .map(text -> Bytes.wrap(Base64.getUrlDecoder().decode(text)))
          .filter(bytes -> bytes.length() == length);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
