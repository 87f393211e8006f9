package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PacketHandling;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.Traffic;
import java.net.InetAddress;
import java.util.List;

/** The nftables ruleset of one router: NAT and firewall for IPv4, firewall for IPv6. */
final class RouterRules {
  private RouterRules() {}

  static String of(NatBehaviour behaviour, List<InetAddress> outside, List<Prefix> sources) {
    StringBuilder rules = new StringBuilder();
    if (behaviour.translates()) {
      List<String> addresses = outside.stream().map(InetAddress::getHostAddress).toList();
      rules.append(new NatRules(behaviour, addresses, sources).text());
    } else {
      rules.append(firewall("ip", "ipv4_addr", behaviour, behaviour.filtering()));
    }
    Filtering ipv6 = behaviour.ipv6().orElse(Filtering.ADDRESS_AND_PORT_DEPENDENT);
    rules.append(firewall("ip6", "ipv6_addr", behaviour, ipv6));
    rules.append(packets(behaviour.options().packets()));
    return rules.toString();
  }

  /** What is lost whoever it belongs to. Fragments come by before the kernel puts them together. */
  private static String packets(PacketHandling handling) {
    StringBuilder text = new StringBuilder();
    if (handling.dropsFragments()) {
      text.append("table ip fragments {\n");
      text.append(" chain pieces { type filter hook prerouting priority -450;\n");
      text.append("  ip frag-off & 0x3fff != 0 drop\n }\n}\n");
    }
    if (handling.blackHole()) {
      for (String family : List.of("ip", "ip6")) {
        String tooBig =
            family.equals("ip")
                ? "icmp type destination-unreachable icmp code frag-needed drop"
                : "icmpv6 type packet-too-big drop";
        text.append("table ").append(family).append(" hole {\n");
        for (String hook : List.of("output", "forward")) {
          text.append(" chain ").append(hook).append(" { type filter hook ").append(hook);
          text.append(" priority -10;\n  ").append(tooBig).append("\n }\n");
        }
        text.append("}\n");
      }
    }
    return text.toString();
  }

  /** Lines that drop what the router does not forward at all. */
  static String barrier(Traffic traffic) {
    return switch (traffic) {
      case ALL -> "";
      case NO_UDP -> "  meta l4proto udp drop\n";
      case NOTHING -> "  drop\n";
    };
  }

  /** RFC 4787 §5 and RFC 6092 without translation: what went out decides who may come in. */
  private static String firewall(
      String family, String type, NatBehaviour behaviour, Filtering filtering) {
    String keyType = type + " . inet_service";
    String outKey = family + " saddr . udp sport";
    String inKey = family + " daddr . udp dport";
    if (filtering == Filtering.ADDRESS_DEPENDENT) {
      keyType += " . " + type;
      outKey += " . " + family + " daddr";
      inKey += " . " + family + " saddr";
    }
    boolean remembers =
        filtering == Filtering.ENDPOINT_INDEPENDENT || filtering == Filtering.ADDRESS_DEPENDENT;
    StringBuilder text = new StringBuilder("table " + family + " firewall {\n");
    if (remembers) {
      text.append(" set seen { type ").append(keyType);
      text.append("; flags dynamic,timeout; timeout ");
      text.append(behaviour.timeout().toSeconds()).append("s; size 65535; }\n");
    }
    text.append(" chain forward { type filter hook forward priority filter; policy drop;\n");
    text.append(barrier(behaviour.traffic()));
    if (remembers) {
      text.append("  iifname lan meta l4proto udp update @seen { ").append(outKey).append(" }\n");
    }
    text.append("  ct state established,related accept\n  iifname lan accept\n");
    if (remembers) {
      text.append("  meta l4proto udp ").append(inKey).append(" @seen accept\n");
    }
    text.append(filtering == Filtering.NONE ? "  accept\n" : "").append(" }\n");
    if (behaviour.silent() && filtering != Filtering.NONE) {
      text.append(" chain input { type filter hook input priority filter; policy accept;\n");
      text.append("  ct state established,related accept\n");
      text.append("  iifname wan meta l4proto { tcp, udp } drop\n }\n");
    }
    return text.append("}\n").toString();
  }
}
