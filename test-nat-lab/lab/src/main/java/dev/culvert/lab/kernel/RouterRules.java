package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.Traffic;
import java.net.InetAddress;
import java.util.List;

/** The nftables ruleset of one router: NAT and firewall for IPv4, firewall for IPv6. */
final class RouterRules {
  private RouterRules() {}

  static String of(NatBehaviour behaviour, InetAddress outside, List<Prefix> sources) {
    StringBuilder rules = new StringBuilder();
    if (behaviour.translates()) {
      rules.append(new NatRules(behaviour, outside.getHostAddress(), sources).text());
    } else {
      rules.append(firewall("ip", "ipv4_addr", behaviour, behaviour.filtering()));
    }
    Filtering ipv6 = behaviour.ipv6().orElse(Filtering.ADDRESS_AND_PORT_DEPENDENT);
    rules.append(firewall("ip6", "ipv6_addr", behaviour, ipv6));
    return rules.toString();
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
