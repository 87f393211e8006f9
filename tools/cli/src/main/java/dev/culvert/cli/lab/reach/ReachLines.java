package dev.culvert.cli.lab.reach;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a side in a process of its own is talked to: one JSON object per line, {@code described},
 * {@code ended} and {@code failed} from it, {@code described} of the other side to it.
 */
public final class ReachLines {
  private ReachLines() {}

  /** The line that tells {@code event}. */
  public static String write(ReachEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(line)) {
      out.writeStartObject();
      if (event instanceof ReachEvent.Described described) {
        ReachDescription description = described.description();
        out.writeStringField("event", "described");
        out.writeStringField("tag", description.tag());
        out.writeStringField("local", description.local().toString());
        if (description.reflexive().isPresent()) {
          out.writeStringField("reflexive", description.reflexive().get().toString());
        }
      } else if (event instanceof ReachEvent.Ended ended) {
        ReachResult result = ended.result();
        out.writeStringField("event", "ended");
        out.writeNumberField("elapsedNanos", result.elapsed().toNanos());
        out.writeStringField("reason", result.reason());
        if (result.remote().isPresent()) {
          out.writeStringField("remote", result.remote().get().toString());
        }
      } else if (event instanceof ReachEvent.Failed failed) {
        out.writeStringField("event", "failed");
        out.writeStringField("detail", failed.detail());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  /** The event that a line tells; empty if it tells none. */
  public static Optional<ReachEvent> read(String line) {
    try {
      Map<String, String> fields = JsonFields.read(line);
      return switch (fields.getOrDefault("event", "")) {
        case "described" ->
            Optional.of(
                new ReachEvent.Described(
                    new ReachDescription(
                        fields.getOrDefault("tag", ""),
                        address(fields, "local").orElseThrow(),
                        address(fields, "reflexive"))));
        case "ended" ->
            Optional.of(
                new ReachEvent.Ended(
                    new ReachResult(
                        address(fields, "remote"),
                        Duration.ofNanos(Long.parseLong(fields.getOrDefault("elapsedNanos", "0"))),
                        fields.getOrDefault("reason", ""))));
        case "failed" ->
            Optional.of(new ReachEvent.Failed(fields.getOrDefault("detail", "unknown")));
        default -> Optional.empty();
      };
    } catch (IOException | IllegalArgumentException | java.util.NoSuchElementException e) {
      return Optional.empty();
    }
  }

  private static Optional<TransportAddress> address(Map<String, String> fields, String name) {
    return Optional.ofNullable(fields.get(name)).flatMap(ReachLines::address);
  }

  /** The address that {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478} names, if any. */
  public static Optional<TransportAddress> address(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    int port = Integer.parseInt(text.substring(colon + 1));
    return port > 0xffff
        ? Optional.empty()
        : IpLiterals.parse(bracketed ? host.substring(1, host.length() - 1) : host)
            .map(ip -> new TransportAddress(ip, port));
  }
}
