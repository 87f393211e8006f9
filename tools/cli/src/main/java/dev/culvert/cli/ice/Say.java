package dev.culvert.cli.ice;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.TcpType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** How things of ICE are said. */
final class Say {
  private Say() {}

  /** Milliseconds with one place after the point. */
  static BigDecimal number(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }

  static String millis(Duration duration) {
    return number(duration).toPlainString();
  }

  /** {@code udp}, or {@code tcp} and who connects. */
  static String protocol(Candidate candidate) {
    String transport = candidate.transport().name().toLowerCase(Locale.ROOT);
    return transport + candidate.tcpType().map(TcpType::word).map(word -> "-" + word).orElse("");
  }

  /** Address or name, and port. */
  static String address(Candidate candidate) {
    return candidate.address() instanceof CandidateAddress.Named named
        ? named.name() + ":" + named.port()
        : candidate.address().known().orElseThrow().toString();
  }

  /** {@code host udp 192.0.2.1:4000}. */
  static String candidate(Candidate candidate) {
    return candidate.type().word() + " " + protocol(candidate) + " " + address(candidate);
  }

  /** {@code direct, from ... to ...}, or {@code relayed}. */
  static String path(IcePath path) {
    return (path.isRelayed() ? "relayed" : "direct")
        + ": "
        + candidate(path.local())
        + " to "
        + candidate(path.remote());
  }

  static void optional(JsonGenerator out, String name, Optional<String> value) throws IOException {
    out.writeFieldName(name);
    if (value.isPresent()) {
      out.writeString(value.get());
    } else {
      out.writeNull();
    }
  }
}
