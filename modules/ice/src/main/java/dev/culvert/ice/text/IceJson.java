package dev.culvert.ice.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.TcpType;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Descriptions as a JSON object: {@code ufrag}, {@code pwd}, {@code lite}, {@code options}, {@code
 * pacing} in milliseconds, {@code answering} (the other's ufrag, where it is known), {@code
 * candidates} and {@code complete}; a candidate has {@code foundation}, {@code stream}, {@code
 * component}, {@code transport}, {@code priority}, {@code address}, {@code port}, {@code type},
 * {@code relatedAddress}, {@code relatedPort} and {@code tcpType}, the last three where there is
 * such a thing. Unknown members are passed over.
 */
public final class IceJson {
  private static final int LONGEST = 256 << 10;
  private static final int MOST_CANDIDATES = 256;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(1024).build())
          .build();

  private IceJson() {}

  /** The object on one line. */
  public static String format(IceDescription description) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      IceParameters own = description.parameters();
      out.writeStartObject();
      out.writeStringField("ufrag", own.credentials().ufrag());
      out.writeStringField("pwd", own.credentials().password());
      out.writeBooleanField("lite", own.lite());
      out.writeArrayFieldStart("options");
      for (String option : new TreeSet<>(own.options())) {
        out.writeString(option);
      }
      out.writeEndArray();
      if (own.pacing().isPresent()) {
        out.writeNumberField("pacing", own.pacing().get().toMillis());
      }
      if (own.answering().isPresent()) {
        out.writeStringField("answering", own.answering().get());
      }
      out.writeArrayFieldStart("candidates");
      for (Candidate candidate : description.candidates()) {
        write(candidate, out);
      }
      out.writeEndArray();
      out.writeBooleanField("complete", description.complete());
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Candidate candidate, JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("foundation", candidate.foundation());
    out.writeNumberField("stream", candidate.component().stream());
    out.writeNumberField("component", candidate.component().component());
    out.writeStringField("transport", candidate.transport().name().toLowerCase(Locale.ROOT));
    out.writeNumberField("priority", candidate.priority());
    if (candidate.address() instanceof CandidateAddress.Named named) {
      out.writeStringField("address", named.name());
      out.writeNumberField("port", named.port());
    } else {
      write("address", "port", candidate.address().known().orElseThrow(), out);
    }
    out.writeStringField("type", candidate.type().word());
    if (candidate.related().isPresent()) {
      write("relatedAddress", "relatedPort", candidate.related().get(), out);
    }
    if (candidate.tcpType().isPresent()) {
      out.writeStringField("tcpType", candidate.tcpType().get().word());
    }
    out.writeEndObject();
  }

  private static void write(
      String ipField, String portField, TransportAddress address, JsonGenerator out)
      throws IOException {
    out.writeStringField(ipField, IpLiterals.format(address.ip(), false));
    out.writeNumberField(portField, address.port());
  }

  /**
   * Reads such an object.
   *
   * @throws IceTextException if it is none, or lacks the credentials
   */
  public static IceDescription parse(String json) throws IceTextException {
    if (json.length() > LONGEST) {
      throw new IceTextException("that is too long to be a description");
    }
    try (JsonParser in = JSON.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new IceTextException("a description is a JSON object");
      }
      IceDescription description = description(in);
      if (in.nextToken() != null) {
        throw new IceTextException("something follows the description");
      }
      return description;
    } catch (IOException e) {
      throw new IceTextException("no JSON: " + CandidateText.shortened(firstLine(e)));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IceTextException(String.valueOf(e.getMessage()));
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static IceDescription description(JsonParser in) throws IOException, IceTextException {
    Map<String, String> words = new HashMap<>();
    Set<String> options = new HashSet<>();
    List<Candidate> candidates = new ArrayList<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      if (name.equals("options") && value == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          if (IceParameters.isOption(in.getText())) {
            options.add(in.getText());
          }
          in.skipChildren();
        }
      } else if (name.equals("candidates") && value == JsonToken.START_ARRAY) {
        while (in.nextToken() == JsonToken.START_OBJECT) {
          Optional<Candidate> candidate = candidate(words(in));
          if (candidates.size() < MOST_CANDIDATES) {
            candidate.ifPresent(candidates::add);
          }
        }
      } else if (value.isScalarValue()) {
        words.put(name, in.getText());
      } else {
        in.skipChildren();
      }
    }
    if (!words.containsKey("ufrag") || !words.containsKey("pwd")) {
      throw new IceTextException("there is no ufrag and pwd in it");
    }
    return new IceDescription(
        new IceParameters(
            new IceCredentials(words.get("ufrag"), words.get("pwd")),
            Boolean.parseBoolean(words.get("lite")),
            options,
            words.containsKey("pacing")
                ? Optional.of(Duration.ofMillis(number(words, "pacing")))
                : Optional.empty(),
            Optional.ofNullable(words.get("answering"))),
        candidates,
        Boolean.parseBoolean(words.get("complete")));
  }

  private static Map<String, String> words(JsonParser in) throws IOException {
    Map<String, String> words = new HashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      if (in.nextToken().isScalarValue()) {
        words.put(name, in.getText());
      } else {
        in.skipChildren();
      }
    }
    return words;
  }

  /** Empty for those of a kind that nobody here knows. */
  private static Optional<Candidate> candidate(Map<String, String> words) throws IceTextException {
    Optional<CandidateType> type = CandidateType.ofWord(words.getOrDefault("type", ""));
    String transport = words.getOrDefault("transport", "");
    Optional<TcpType> tcpType = TcpType.ofWord(words.getOrDefault("tcpType", ""));
    boolean tcp = transport.equals("tcp");
    boolean isKnown = tcp ? tcpType.isPresent() : transport.equals("udp");
    if (type.isEmpty() || !isKnown) {
      return Optional.empty();
    }
    int port = Math.toIntExact(number(words, "port"));
    String host = words.getOrDefault("address", "");
    Optional<InetAddress> ip = IpLiterals.parse(host);
    Optional<InetAddress> related =
        Optional.ofNullable(words.get("relatedAddress")).flatMap(IpLiterals::parse);
    return Optional.of(
        new Candidate(
            words.getOrDefault("foundation", ""),
            new ComponentId(
                words.containsKey("stream") ? Math.toIntExact(number(words, "stream")) : 0,
                Math.toIntExact(number(words, "component"))),
            tcp ? Transport.TCP : Transport.UDP,
            number(words, "priority"),
            ip.isPresent()
                ? new CandidateAddress.Ip(new TransportAddress(ip.get(), port))
                : CandidateText.named(host, port),
            type.get(),
            related.isPresent()
                ? Optional.of(
                    new TransportAddress(
                        related.get(), Math.toIntExact(number(words, "relatedPort"))))
                : Optional.empty(),
            tcp ? tcpType : Optional.empty()));
  }

  private static long number(Map<String, String> words, String name) throws IceTextException {
    String text = words.getOrDefault(name, "");
    if (!text.matches("[0-9]{1,10}")) {
      throw new IceTextException(name + " is no number");
    }
    return Long.parseLong(text);
  }
}
