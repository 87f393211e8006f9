package dev.culvert.cli.lab.relay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.lab.reach.ReachLines;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * How a side in a process of its own is talked to: one JSON object per line, {@code described},
 * {@code ended} and {@code closed} from it, {@code described} of the other side to it.
 */
public final class RelayLines {
  private RelayLines() {}

  /** The line that tells {@code event}. */
  public static String write(RelayEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(line)) {
      out.writeStartObject();
      if (event instanceof RelayEvent.Described described) {
        out.writeStringField("event", "described");
        write(out, described.description());
      } else if (event instanceof RelayEvent.Ended ended) {
        out.writeStringField("event", "ended");
        write(out, ended.result());
      } else {
        out.writeStringField("event", "closed");
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }

  private static void write(JsonGenerator out, RelayDescription description) throws IOException {
    if (description.allocation().isPresent()) {
      RelayDescription.Allocation allocation = description.allocation().get();
      out.writeStringField("over", allocation.over().name());
      out.writeStringField("relayed", allocation.relayed().toString());
      out.writeStringField("mapped", allocation.mapped().toString());
    }
    out.writeStringField("reason", description.reason());
  }

  private static void write(JsonGenerator out, RelayResult result) throws IOException {
    out.writeNumberField("sent", result.sent());
    out.writeNumberField("lost", result.lost());
    out.writeNumberField("heard", result.heard());
    if (result.roundTrip().isPresent()) {
      out.writeNumberField("roundTripNanos", result.roundTrip().get().toNanos());
    }
    out.writeNumberField("elapsedNanos", result.elapsed().toNanos());
    out.writeStringField("reason", result.reason());
  }

  /** The event that a line tells; empty if it tells none. */
  public static Optional<RelayEvent> read(String line) {
    try {
      Map<String, String> fields = JsonFields.read(line);
      return switch (fields.getOrDefault("event", "")) {
        case "described" -> Optional.of(new RelayEvent.Described(description(fields)));
        case "ended" -> Optional.of(new RelayEvent.Ended(result(fields)));
        case "closed" -> Optional.of(new RelayEvent.Closed());
        default -> Optional.empty();
      };
    } catch (IOException | IllegalArgumentException | NoSuchElementException e) {
      return Optional.empty();
    }
  }

  private static RelayDescription description(Map<String, String> fields) {
    Optional<RelayDescription.Allocation> allocation =
        Optional.ofNullable(fields.get("over"))
            .map(
                over ->
                    new RelayDescription.Allocation(
                        Transport.valueOf(over),
                        address(fields, "relayed"),
                        address(fields, "mapped")));
    return new RelayDescription(allocation, fields.getOrDefault("reason", ""));
  }

  private static RelayResult result(Map<String, String> fields) {
    return new RelayResult(
        Integer.parseInt(fields.getOrDefault("sent", "")),
        Integer.parseInt(fields.getOrDefault("lost", "")),
        Integer.parseInt(fields.getOrDefault("heard", "")),
        Optional.ofNullable(fields.get("roundTripNanos")).map(RelayLines::duration),
        duration(fields.getOrDefault("elapsedNanos", "")),
        fields.getOrDefault("reason", ""));
  }

  private static Duration duration(String nanos) {
    return Duration.ofNanos(Long.parseLong(nanos));
  }

  private static TransportAddress address(Map<String, String> fields, String name) {
    return ReachLines.address(fields.getOrDefault(name, "")).orElseThrow();
  }
}
