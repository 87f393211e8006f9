package dev.culvert.rendezvous.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The members of one JSON object, read strictly; those that nobody asks for are passed over. */
final class Fields {
  static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(FrameText.LONGEST)
                  .maxNumberLength(20)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** The largest whole number that every language has (RFC 8259 §6). */
  private static final long MOST = (1L << 53) - 1;

  private static final long LONGEST_SECONDS = Duration.ofDays(7).toSeconds();

  private static final int MOST_IN_A_LIST = 256;
  private static final int MOST_WORDS = 200;

  private final Map<String, Object> values;

  private Fields(Map<String, Object> values) {
    this.values = values;
  }

  static Fields parse(String text) throws FrameException {
    try (JsonParser in = JSON.createParser(text)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("a message is a JSON object");
      }
      Fields fields = new Fields(object(in));
      if (in.nextToken() != null) {
        throw malformed("something follows the message");
      }
      return fields;
    } catch (IOException e) {
      throw malformed("no JSON");
    }
  }

  static FrameException malformed(String reason) {
    return new FrameException(Frame.Code.MALFORMED, reason);
  }

  private static Map<String, Object> object(JsonParser in) throws IOException, FrameException {
    Map<String, Object> values = new HashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      Object value = value(in);
      if (value != NULL) {
        values.put(name, value);
      }
    }
    return values;
  }

  private static final Object NULL = new Object();

  private static Object value(JsonParser in) throws IOException, FrameException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> in.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> NULL;
      case START_OBJECT -> new Fields(object(in));
      case START_ARRAY -> list(in);
      default -> throw malformed("numbers are whole");
    };
  }

  private static List<Object> list(JsonParser in) throws IOException, FrameException {
    List<Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (list.size() == MOST_IN_A_LIST) {
        throw malformed("at most " + MOST_IN_A_LIST + " are in a list");
      }
      list.add(value(in));
    }
    return list;
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  private <T> Optional<T> find(String name, Class<T> type, String kind) throws FrameException {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw malformed(name + " is to be " + kind);
    }
    return Optional.of(type.cast(value));
  }

  private static <T> T need(Optional<T> value, String name) throws FrameException {
    if (value.isEmpty()) {
      throw malformed("there is no " + name);
    }
    return value.get();
  }

  String text(String name) throws FrameException {
    return need(optionalText(name), name);
  }

  /** Words for people, such as may be shown on a terminal: nothing in them moves a cursor. */
  String words(String name) throws FrameException {
    return text(name)
        .codePoints()
        .map(each -> isSeen(each) ? each : '?')
        .limit(MOST_WORDS)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isSeen(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  Optional<String> optionalText(String name) throws FrameException {
    return find(name, String.class, "a text");
  }

  boolean flag(String name) throws FrameException {
    return need(find(name, Boolean.class, "true or false"), name);
  }

  long number(String name, long least, long most) throws FrameException {
    return need(optionalNumber(name, least, most), name);
  }

  Optional<Long> optionalNumber(String name, long least, long most) throws FrameException {
    Optional<Long> number = find(name, Long.class, "a whole number");
    if (number.isPresent() && (number.get() < least || number.get() > most)) {
      throw malformed(name + " is " + least + " to " + most);
    }
    return number;
  }

  long id(String name) throws FrameException {
    return number(name, 1, MOST);
  }

  /** At most a week, which is as good as for ever: beyond all time nobody can add it to a clock. */
  Duration seconds(String name) throws FrameException {
    return need(optionalSeconds(name), name);
  }

  Optional<Duration> optionalSeconds(String name) throws FrameException {
    return optionalNumber(name, 0, MOST)
        .map(seconds -> Duration.ofSeconds(Math.min(seconds, LONGEST_SECONDS)));
  }

  Instant time(String name) throws FrameException {
    // Clocks of all languages know this far.
    return Instant.ofEpochSecond(number(name, 0, 253_402_300_799L));
  }

  Bytes bytes(String name) throws FrameException {
    return decoded(text(name), name);
  }

  Bytes bytes(String name, int length) throws FrameException {
    Bytes bytes = bytes(name);
    if (bytes.length() != length) {
      throw malformed(name + " has " + length + " bytes");
    }
    return bytes;
  }

  private static Bytes decoded(String text, String name) throws FrameException {
    try {
      return Bytes.wrap(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw malformed(name + " is to be base64url");
    }
  }

  PeerId peer(String name) throws FrameException {
    return peerOf(text(name), name);
  }

  private static PeerId peerOf(String text, String name) throws FrameException {
    return need(PeerId.read(text), name + " that is a peer id");
  }

  Fields object(String name) throws FrameException {
    return need(find(name, Fields.class, "an object"), name);
  }

  TransportAddress address(String name) throws FrameException {
    Fields in = object(name);
    Optional<InetAddress> ip = IpLiterals.parse(in.text("ip"));
    return new TransportAddress(need(ip, "ip that is one"), (int) in.number("port", 0, 65535));
  }

  Signed signed(String name) throws FrameException {
    return need(find(name, Fields.class, "an object"), name).asSigned();
  }

  private Signed asSigned() throws FrameException {
    return new Signed(peer("by"), bytes("payload"), bytes("sig", 64));
  }

  List<Signed> listOfSigned(String name) throws FrameException {
    List<Signed> all = new ArrayList<>();
    for (Fields each : list(name, Fields.class, "objects")) {
      all.add(each.asSigned());
    }
    return all;
  }

  List<Fields> objects(String name) throws FrameException {
    return list(name, Fields.class, "objects");
  }

  List<String> texts(String name) throws FrameException {
    return list(name, String.class, "texts");
  }

  List<PeerId> peers(String name) throws FrameException {
    List<PeerId> all = new ArrayList<>();
    for (String text : texts(name)) {
      all.add(peerOf(text, name));
    }
    return all;
  }

  List<Bytes> listOfBytes(String name, int length) throws FrameException {
    List<Bytes> all = new ArrayList<>();
    for (String text : texts(name)) {
      Bytes bytes = decoded(text, name);
      if (bytes.length() != length) {
        throw malformed(name + " have " + length + " bytes each");
      }
      all.add(bytes);
    }
    return all;
  }

  /** Empty if there is none. */
  private <T> List<T> list(String name, Class<T> type, String kind) throws FrameException {
    List<T> all = new ArrayList<>();
    for (Object each : find(name, List.class, "a list").orElse(List.of())) {
      if (!type.isInstance(each)) {
        throw malformed(name + " is to be a list of " + kind);
      }
      all.add(type.cast(each));
    }
    return all;
  }
}
