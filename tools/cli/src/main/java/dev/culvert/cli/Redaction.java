package dev.culvert.cli;

import dev.culvert.sansio.IpLiterals;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces IP addresses in text: the same address by the same token throughout a run, with its
 * family and kind still to be seen. Safe to use from several threads.
 */
final class Redaction {
  /** Anything that may spell an address; {@link IpLiterals} judges. */
  private static final Pattern CANDIDATE =
      Pattern.compile(
          "(?<![\\w.:])[0-9a-fA-F]{0,4}:[0-9a-fA-F:]*:(?:\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F]{0,4})"
              + "|(?<![\\d.])\\d{1,3}(?:\\.\\d{1,3}){3}(?!\\d|\\.\\d)");

  private static final Pattern ZONE = Pattern.compile("%[\\w.-]*\\w");

  private final Map<InetAddress, String> tokens = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** The text with every address replaced. */
  synchronized String apply(String text) {
    Matcher matcher = CANDIDATE.matcher(text);
    StringBuilder redacted = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      String found = matcher.group();
      Optional<InetAddress> ip = IpLiterals.parse(found);
      if (ip.isEmpty() && found.endsWith(":")) {
        found = found.substring(0, found.length() - 1);
        ip = IpLiterals.parse(found);
      }
      if (ip.isPresent()) {
        redacted.append(text, from, matcher.start()).append(token(ip.get()));
        from = matcher.start() + found.length();
        Matcher zone = ZONE.matcher(text).region(from, text.length());
        from = zone.lookingAt() ? zone.end() : from;
      }
    }
    return redacted.append(text, from, text.length()).toString();
  }

  private String token(InetAddress ip) {
    return tokens.computeIfAbsent(
        ip,
        fresh -> {
          String kind = (fresh instanceof Inet4Address ? "ipv4-" : "ipv6-") + kind(fresh);
          return kind + "-" + counts.merge(kind, 1, Integer::sum);
        });
  }

  private static String kind(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    if (ip.isAnyLocalAddress()) {
      return "any";
    } else if (ip.isLoopbackAddress()) {
      return "loopback";
    } else if (ip.isLinkLocalAddress()) {
      return "linklocal";
    } else if (ip.isMulticastAddress()) {
      return "multicast";
    } else if (ip.isSiteLocalAddress() || (bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc)) {
      return "private";
    } else if (bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64) {
      return "carrier";
    }
    return "public";
  }
}
