package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the RFC 3489 client of vovida.org says. */
final class VovidaStun {
  private static final Pattern PRIMARY = Pattern.compile("(?m)^Primary: (.*?)\\s*$");

  private VovidaStun() {}

  /** For example "Independent Mapping, Independent Filter, preserves ports, no hairpin". */
  static String run(LabHost host, String server) throws Exception {
    try (LabProcess process = host.start("timeout", "50", "stun", server)) {
      int code = process.awaitExit(Duration.ofSeconds(60));
      Matcher matcher = PRIMARY.matcher(process.output());
      if (!matcher.find()) {
        throw new AssertionError("stun ended with " + code + ": " + process.output());
      }
      return String.valueOf(matcher.group(1));
    }
  }
}
