package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Prefix;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The translating part of a router's ruleset (RFC 4787 §4 to §6).
 *
 * <p>The kernel chooses an outside port for the first packet of a mapping. A filter chain just
 * behind source NAT sees the translated packet and remembers the choice: {@code ports} (inside
 * endpoint, and as much of the destination as the mapping depends on, to outside port), {@code
 * hosts} (outside port to inside endpoint), {@code owned} (who has which port) and {@code seen}
 * (outside port and whom it sent to). Later packets ask those maps first.
 */
final class NatRules {
  private static final String ADDRESS = " . ipv4_addr";
  private static final String PORT = " . inet_service";

  private final NatBehaviour behaviour;
  private final String outside;
  private final List<Prefix> sources;
  private final StringBuilder text = new StringBuilder();

  NatRules(NatBehaviour behaviour, String outside, List<Prefix> sources) {
    this.behaviour = behaviour;
    this.outside = outside;
    this.sources = sources;
  }

  String text() {
    boolean remembers = behaviour.ports().kind() != PortAllocation.Kind.OVERLOADING;
    line("table ip nat {");
    if (remembers) {
      memory();
      noteOutbound();
      translateInbound();
      dropUnmapped();
    }
    translateOutbound(remembers);
    forward();
    input();
    line("}");
    return text.toString();
  }

  private void memory() {
    String key = "ipv4_addr" + PORT + mappingRemote(ADDRESS, PORT);
    collection("map ports", key + " : inet_service");
    collection("map hosts", "inet_service : ipv4_addr" + PORT);
    collection("set owned", "inet_service . " + key);
    if (filters()) {
      collection("set seen", "inet_service" + filteringRemote(ADDRESS, PORT));
    }
  }

  /**
   * Runs at the first priority behind source NAT. A drop here comes before the kernel commits the
   * connection, so it leaves no trace and the next packet tries anew.
   */
  private void noteOutbound() {
    line(" chain note_out { type filter hook postrouting priority 101;");
    String mine = "  ip saddr " + outside + " meta l4proto udp ct direction ";
    line(
        mine
            + "original ct state new udp sport @hosts udp sport . "
            + inner("original")
            + " != @owned drop");
    for (String direction : List.of("original", "reply")) {
      String update = mine + direction + " update ";
      line(update + "@ports { " + inner(direction) + " : udp sport }");
      line(update + "@owned { udp sport . " + inner(direction) + " }");
      line(
          update
              + "@hosts { udp sport : ct "
              + direction
              + " ip saddr . ct "
              + direction
              + " proto-src }");
      if (filters()) {
        line(
            update
                + "@seen { udp sport"
                + filteringRemote(
                    " . ct " + direction + " ip daddr", " . ct " + direction + " proto-dst")
                + " }");
      }
    }
    if (filters()) {
      line(
          "  ct mark 1 ct direction original oifname lan meta l4proto udp ct original proto-dst"
              + filteringRemote(" . ip saddr", " . udp sport")
              + " != @seen drop");
    }
    line(" }");
  }

  private void translateInbound() {
    line(" chain in_dnat { type nat hook prerouting priority dstnat;");
    line(
        "  iifname "
            + (behaviour.hairpin() ? "{ wan, lan }" : "wan")
            + " ip daddr "
            + outside
            + " udp dport @hosts ct mark set 1 dnat ip to udp dport map @hosts");
    line(" }");
  }

  /** Otherwise packets from outside would keep the kernel's entry of a dead mapping alive. */
  private void dropUnmapped() {
    line(" chain in_live { type filter hook prerouting priority raw;");
    line("  iifname wan ip daddr " + outside + " udp dport != @hosts drop");
    line(" }");
  }

  private void translateOutbound(boolean remembers) {
    PortAllocation ports = behaviour.ports();
    String range = ports.first() + "-" + ports.last();
    line(" chain out_snat { type nat hook postrouting priority srcnat;");
    line(
        "  ip saddr != { "
            + sources.stream().map(Prefix::toString).collect(Collectors.joining(", "))
            + " } accept");
    line("  oifname lan ct status & dnat == 0 accept");
    if (remembers) {
      line(
          "  meta l4proto udp snat ip to "
              + outside
              + " : ip saddr . udp sport"
              + mappingRemote(" . ct original ip daddr", " . ct original proto-dst")
              + " map @ports");
    }
    String udp = "  meta l4proto udp ";
    String rest = "  meta l4proto { tcp, udp } ";
    switch (ports.kind()) {
      case PRESERVING -> {
        line(udp + "udp sport " + range + " udp sport != @hosts snat ip to " + outside);
        line(udp + "snat ip to " + outside + ":" + range + " fully-random");
        line(rest + "snat ip to " + outside + ":" + range);
      }
      case OVERLOADING -> line(rest + "masquerade to :" + range);
      case SEQUENTIAL -> {
        line(udp + "snat ip to " + outside + ":" + sequence(ports));
        line(rest + "snat ip to " + outside + ":" + range);
      }
      case RANDOM -> line(rest + "snat ip to " + outside + ":" + range + " fully-random");
    }
    line("  snat ip to " + outside);
    line(" }");
  }

  /** A map of constants: a generated number used as a port directly has its bytes swapped. */
  private static String sequence(PortAllocation ports) {
    int count = (ports.last() - ports.first()) / ports.step() + 1;
    return "numgen inc mod "
        + count
        + " map { "
        + IntStream.range(0, count)
            .mapToObj(i -> i + " : " + (ports.first() + i * ports.step()))
            .collect(Collectors.joining(", "))
        + " }";
  }

  private void forward() {
    line(" chain forward { type filter hook forward priority filter; policy drop;");
    text.append(RouterRules.barrier(behaviour.traffic()));
    line("  ct state established,related accept");
    line("  iifname lan accept");
    line("  ct status dnat accept");
    line(" }");
  }

  private void input() {
    if (!behaviour.silent()) {
      return;
    }
    line(" chain input { type filter hook input priority filter; policy drop;");
    line("  ct state established,related accept");
    line("  iifname { lan, lo } ip daddr != " + outside + " accept");
    line(" }");
  }

  private boolean filters() {
    return behaviour.filtering() != Filtering.ENDPOINT_INDEPENDENT;
  }

  /** What a mapping hangs on: the inside endpoint and as much of the destination as §4.1 says. */
  private String inner(String direction) {
    String ct = "ct " + direction;
    return ct
        + " ip saddr . "
        + ct
        + " proto-src"
        + mappingRemote(" . " + ct + " ip daddr", " . " + ct + " proto-dst");
  }

  private String mappingRemote(String address, String port) {
    return switch (behaviour.mapping()) {
      case NONE, ENDPOINT_INDEPENDENT -> "";
      case ADDRESS_DEPENDENT -> address;
      case ADDRESS_AND_PORT_DEPENDENT -> address + port;
    };
  }

  private String filteringRemote(String address, String port) {
    return switch (behaviour.filtering()) {
      case NONE, ENDPOINT_INDEPENDENT -> "";
      case ADDRESS_DEPENDENT -> address;
      case ADDRESS_AND_PORT_DEPENDENT -> address + port;
    };
  }

  private void collection(String what, String type) {
    line(
        " "
            + what
            + " { type "
            + type
            + "; flags dynamic,timeout; timeout "
            + behaviour.timeout().toSeconds()
            + "s; size 65535; }");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
