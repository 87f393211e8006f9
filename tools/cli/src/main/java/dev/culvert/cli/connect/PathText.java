package dev.culvert.cli.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.peer.PeerPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;

/** How paths and times are said. */
final class PathText {
  private PathText() {}

  /** {@code relayed} or {@code direct}. */
  static String word(PeerPath path) {
    return path.isDirect() ? "direct" : "relayed";
  }

  /** {@code direct by simultaneous open: 192.0.2.1:4000 to 198.51.100.9:5000}. */
  static String words(PeerPath path) {
    return word(path)
        + path.plan().map(plan -> " by " + plan).orElse("")
        + ": "
        + path.local()
        + " to "
        + path.remote();
  }

  /** Milliseconds with one place after the point. */
  static BigDecimal number(Duration time) {
    return BigDecimal.valueOf(time.toNanos(), 6).setScale(1, RoundingMode.HALF_UP);
  }

  static String millis(Duration time) {
    return number(time).toPlainString() + " ms";
  }

  static void time(JsonGenerator out, String name, Optional<Duration> time) throws IOException {
    out.writeFieldName(name);
    if (time.isPresent()) {
      out.writeNumber(number(time.get()));
    } else {
      out.writeNull();
    }
  }

  static void text(JsonGenerator out, String name, Optional<String> text) throws IOException {
    out.writeFieldName(name);
    if (text.isPresent()) {
      out.writeString(text.get());
    } else {
      out.writeNull();
    }
  }

  /** The path as an object, or null. */
  static void path(JsonGenerator out, Optional<PeerPath> path) throws IOException {
    out.writeFieldName("path");
    if (path.isEmpty()) {
      out.writeNull();
      return;
    }
    PeerPath its = path.get();
    out.writeStartObject();
    out.writeStringField("way", word(its));
    text(out, "plan", its.plan());
    out.writeStringField("local", its.local().toString());
    out.writeStringField("remote", its.remote().toString());
    time(out, "roundTripMillis", its.roundTrip());
    out.writeEndObject();
  }
}
