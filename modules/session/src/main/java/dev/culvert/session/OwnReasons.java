package dev.culvert.session;

import dev.culvert.session.LeftOut.Reason;
import dev.culvert.turn.server.IpPrefix;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Why an address is of no use to peers, whoever asks (RFC 8445 §5.1.1.1; what libwebrtc and libnice
 * leave out, and the bridges of newer programs). Networks of VPNs stay, and so do unique local
 * addresses: behind both there may be a peer.
 */
final class OwnReasons {
  private record RangeRule(Reason reason, List<IpPrefix> ranges) {}

  private record NameRule(Reason reason, List<String> patterns) {}

  private static final List<RangeRule> RANGES =
      List.of(
          rule(Reason.UNSPECIFIED, "0.0.0.0/8", "::/128"),
          rule(Reason.LOOPBACK, "127.0.0.0/8", "::1/128"),
          rule(Reason.LINK_LOCAL, "169.254.0.0/16", "fe80::/10"),
          rule(Reason.MULTICAST, "224.0.0.0/4", "255.255.255.255/32", "ff00::/8"),
          rule(Reason.SITE_LOCAL, "fec0::/10"),
          rule(Reason.IPV4_COMPATIBLE, "::/96"),
          rule(Reason.SIX_TO_FOUR, "2002::/16"),
          rule(Reason.TEREDO, "2001::/32"));

  private static final List<NameRule> NAMES =
      List.of(
          new NameRule(
              Reason.CONTAINERS,
              List.of(
                  "docker*",
                  // What Docker calls its other bridges; br-lan is a router's own network.
                  "br-????????????",
                  "veth*",
                  "lxc*",
                  "lxd*",
                  "incus*",
                  "cni*",
                  "cbr*",
                  "podman*",
                  "nerdctl*",
                  "flannel*",
                  "cali*",
                  "vxlan.calico",
                  "vxlan-v6.calico",
                  "tunl*",
                  "cilium*",
                  "weave*",
                  "kube-*",
                  "nodelocaldns*")),
          new NameRule(
              Reason.VIRTUAL_MACHINES,
              List.of("virbr*", "vnet*", "vmnet*", "vboxnet*", "vnic*", "vmenet*", "bridge1??")));

  private OwnReasons() {}

  static Optional<Reason> of(LocalAddress address) {
    return ofIp(address.ip()).or(() -> ofInterface(address.interfaceName()));
  }

  private static Optional<Reason> ofIp(InetAddress ip) {
    return RANGES.stream()
        .filter(rule -> rule.ranges().stream().anyMatch(range -> range.contains(ip)))
        .map(RangeRule::reason)
        .findFirst();
  }

  private static Optional<Reason> ofInterface(String name) {
    return NAMES.stream()
        .filter(
            rule ->
                rule.patterns().stream()
                    .anyMatch(pattern -> InterfacePattern.matches(pattern, name)))
        .map(NameRule::reason)
        .findFirst();
  }

  private static RangeRule rule(Reason reason, String... ranges) {
    return new RangeRule(
        reason, List.of(ranges).stream().map(text -> IpPrefix.parse(text).orElseThrow()).toList());
  }
}
