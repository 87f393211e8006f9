package dev.culvert.cli.ice.drive;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceSdp;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How values of ICE are written in events. */
final class EventJson {
  private EventJson() {}

  /** {@code no-answer} for {@code NO_ANSWER}. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** As an object, and as lines of SDP. */
  static void description(JsonGenerator out, IceDescription description) throws IOException {
    out.writeFieldName("description");
    out.writeRawValue(IceJson.format(description));
    int stream =
        description.candidates().stream()
            .findFirst()
            .map(candidate -> candidate.component().stream())
            .orElse(0);
    out.writeStringField("sdp", String.join("\r\n", IceSdp.lines(description, stream)) + "\r\n");
  }

  static void path(JsonGenerator out, IcePath path) throws IOException {
    ends(out, path.local(), path.remote());
    out.writeBooleanField("relayed", path.isRelayed());
    out.writeBooleanField("selected", path.selected());
    roundTrip(out, path.roundTrip());
  }

  static void fates(JsonGenerator out, String name, List<PairFate> fates) throws IOException {
    out.writeArrayFieldStart(name);
    for (PairFate fate : fates) {
      out.writeStartObject();
      ends(out, fate.local(), fate.remote());
      out.writeStringField("state", word(fate.state()));
      out.writeNumberField("sent", fate.sent());
      out.writeNumberField("answered", fate.answered());
      roundTrip(out, fate.roundTrip());
      if (!fate.fault().isEmpty()) {
        out.writeStringField("fault", fate.fault());
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void ends(JsonGenerator out, Candidate local, Candidate remote)
      throws IOException {
    out.writeStringField("transport", word(local.transport()));
    out.writeStringField("local", address(local));
    out.writeStringField("localType", local.type().word());
    out.writeStringField("remote", address(remote));
    out.writeStringField("remoteType", remote.type().word());
  }

  private static String address(Candidate candidate) {
    return candidate.address() instanceof CandidateAddress.Named named
        ? named.name() + ":" + named.port()
        : candidate.address().known().orElseThrow().toString();
  }

  private static void roundTrip(JsonGenerator out, Optional<Duration> roundTrip)
      throws IOException {
    if (roundTrip.isPresent()) {
      out.writeNumberField("roundTripMillis", BigDecimal.valueOf(roundTrip.get().toNanos(), 6));
    }
  }
}
