package dev.culvert.it;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What verbs found, without what differs from run to run even in one world. */
final class Findings {
  private static final Pattern CHANCE =
      Pattern.compile(
          "(.*\\.)?((elapsed|rtt|roundTrip)Millis|heard|lost|lostPercent|requests|allocates"
              + "|refreshes|staleNonces|challenges|postponements"
              + "|calls|failures|lastFailure"
              + "|(firstByte|direct)Millis|gap|changes|first|plan|reason|hopeless|why)");
  private static final Pattern LIFETIME = Pattern.compile(".*\\.lifetimeSeconds");
  private static final Pattern ENDPOINT =
      Pattern.compile("((?:[0-9]{1,3}\\.){3}[0-9]{1,3}|\\[[0-9a-f:.]+\\]):([0-9]{1,5})");
  private static final int NODE_PORT = 3478;
  private static final int NODE_OTHER_PORT = 3479;

  private Findings() {}

  /** One line for each field. */
  static String of(List<VerbRecorder.Found> all) {
    List<String> lines = new ArrayList<>();
    for (VerbRecorder.Found found : all) {
      lines.add(found.what());
      for (Map.Entry<String, String> field : new TreeMap<>(found.fields()).entrySet()) {
        boolean chance = CHANCE.matcher(field.getKey()).matches();
        // How many datagrams there are in some seconds; other verbs send as many as they are told.
        boolean count = field.getKey().equals("sent") && found.fields().containsKey("flows");
        if (!chance && !count) {
          String value = value(field.getKey(), field.getValue());
          lines.add("  " + field.getKey() + " " + firstOfPool(value, found.addresses()));
        }
      }
    }
    return String.join("\n", lines);
  }

  /** Which of several outside addresses of a NAT it is, is chance. */
  private static String firstOfPool(String value, Map<String, List<InetAddress>> addresses) {
    String result = value;
    for (List<InetAddress> pool : addresses.values()) {
      List<String> ipv4 =
          pool.stream()
              .filter(Inet4Address.class::isInstance)
              .map(InetAddress::getHostAddress)
              .toList();
      for (String other : ipv4) {
        if (result.equals(other + ":*")) {
          result = ipv4.get(0) + ":*";
        }
      }
    }
    return result;
  }

  private static String value(String field, String value) {
    boolean measured = LIFETIME.matcher(field).matches() && value.matches("[0-9]+");
    return measured ? "some" : ENDPOINT.matcher(value).replaceAll(Findings::withoutPort);
  }

  /** Ports that a system or a NAT has chosen differ; the servers' do not. */
  private static String withoutPort(MatchResult endpoint) {
    int port = Integer.parseInt(endpoint.group(2));
    boolean known = port == NODE_PORT || port == NODE_OTHER_PORT;
    return Matcher.quoteReplacement(endpoint.group(1) + ":" + (known ? port : "*"));
  }
}
