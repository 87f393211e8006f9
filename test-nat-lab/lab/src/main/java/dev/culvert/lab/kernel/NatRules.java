package dev.culvert.lab.kernel;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Pooling;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.UnsolicitedSyn;
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
  private final List<Outside> outsides;
  private final List<Prefix> sources;
  private final StringBuilder text = new StringBuilder();

  /**
   * An outside address with maps and sets of its own.
   *
   * @param suffix tells them apart; empty for the first
   */
  private record Outside(String address, String suffix) {
    String name(String collection) {
      return collection + suffix;
    }

    String at(String collection) {
      return "@" + name(collection);
    }
  }

  NatRules(NatBehaviour behaviour, List<String> addresses, List<Prefix> sources) {
    this.behaviour = behaviour;
    this.outsides =
        IntStream.range(0, addresses.size())
            .mapToObj(i -> new Outside(addresses.get(i), i == 0 ? "" : "_" + i))
            .toList();
    this.sources = sources;
  }

  String text() {
    boolean remembers = behaviour.ports().kind() != PortAllocation.Kind.OVERLOADING;
    line("table ip nat {");
    if (remembers) {
      outsides.forEach(this::memory);
      noteOutbound();
      if (behaviour.options().refresh().byInbound()) {
        noteInbound();
      }
      translateInbound();
      dropUnmapped();
    }
    translateOutbound(remembers);
    forward();
    input();
    line("}");
    return text.toString();
  }

  private void memory(Outside outside) {
    String key = "ipv4_addr" + PORT + mappingRemote(ADDRESS, PORT);
    collection("map " + outside.name("ports"), key + " : inet_service");
    collection("map " + outside.name("hosts"), "inet_service : ipv4_addr" + PORT);
    collection("set " + outside.name("owned"), "inet_service . " + key);
    if (filters()) {
      collection("set " + outside.name("seen"), "inet_service" + filteringRemote(ADDRESS, PORT));
    }
  }

  /**
   * Runs at the first priority behind source NAT. A drop here comes before the kernel commits the
   * connection, so it leaves no trace and the next packet tries anew.
   */
  private void noteOutbound() {
    line(" chain note_out { type filter hook postrouting priority 101;");
    for (Outside outside : outsides) {
      String mine = "  ip saddr " + outside.address() + " meta l4proto udp ct direction ";
      line(
          mine
              + "original ct state new udp sport "
              + outside.at("hosts")
              + " udp sport . "
              + inner("original")
              + " != "
              + outside.at("owned")
              + " drop");
      for (String direction : List.of("original", "reply")) {
        note(outside, mine + direction, direction, "udp sport", " daddr", " proto-dst", direction);
      }
      if (filters()) {
        line(
            "  ct mark 1 ct direction original ct original ip daddr "
                + outside.address()
                + " oifname lan meta l4proto udp ct original proto-dst"
                + filteringRemote(" . ip saddr", " . udp sport")
                + " != "
                + outside.at("seen")
                + " drop");
      }
    }
    line(" }");
  }

  /** What was let in keeps its mapping alive; flows that began inside come back as replies. */
  private void noteInbound() {
    line(" chain note_in { type filter hook postrouting priority 102;");
    for (Outside outside : outsides) {
      String mine = "  oifname lan meta l4proto udp ct direction ";
      String inside = mine + "reply ct reply ip daddr " + outside.address() + " ct status snat";
      note(outside, inside, "original", "ct reply proto-dst", " saddr", " proto-src", "reply");
      String beyond =
          mine + "original ct original ip daddr " + outside.address() + " ct status dnat";
      note(outside, beyond, "reply", "ct original proto-dst", " saddr", " proto-src", "original");
    }
    line(" }");
  }

  /**
   * Remembers the mapping that a packet belongs to, or keeps it alive.
   *
   * @param when which packets
   * @param side the tuple of the connection whose source is the inside endpoint
   * @param port where its outside port is
   * @param remoteSide the tuple that has the remote endpoint in these fields
   */
  private void note(
      Outside outside,
      String when,
      String side,
      String port,
      String remoteAddress,
      String remotePort,
      String remoteSide) {
    String update = when + " update ";
    line(update + outside.at("ports") + " { " + inner(side) + " : " + port + " }");
    line(update + outside.at("owned") + " { " + port + " . " + inner(side) + " }");
    String host = "ct " + side + " ip saddr . ct " + side + " proto-src";
    line(update + outside.at("hosts") + " { " + port + " : " + host + " }");
    if (filters()) {
      String remote = " . ct " + remoteSide;
      String seen = filteringRemote(remote + " ip" + remoteAddress, remote + remotePort);
      line(update + outside.at("seen") + " { " + port + seen + " }");
    }
  }

  private void translateInbound() {
    line(" chain in_dnat { type nat hook prerouting priority dstnat;");
    for (Outside outside : outsides) {
      line(
          "  iifname "
              + (behaviour.hairpin() ? "{ wan, lan }" : "wan")
              + " ip daddr "
              + outside.address()
              + " udp dport "
              + outside.at("hosts")
              + " ct mark set 1 dnat ip to udp dport map "
              + outside.at("hosts"));
    }
    line(" }");
  }

  /** Otherwise packets from outside would keep the kernel's entry of a dead mapping alive. */
  private void dropUnmapped() {
    line(" chain in_live { type filter hook prerouting priority raw;");
    for (Outside outside : outsides) {
      line(
          "  iifname wan ip daddr "
              + outside.address()
              + " udp dport != "
              + outside.at("hosts")
              + " drop");
    }
    line(" }");
  }

  private void translateOutbound(boolean remembers) {
    boolean several = outsides.size() > 1;
    if (several) {
      for (Outside outside : outsides) {
        line(" chain pool" + outside.suffix() + " {");
        allocate(outside);
        line(" }");
      }
    }
    line(" chain out_snat { type nat hook postrouting priority srcnat;");
    line(
        "  ip saddr != { "
            + sources.stream().map(Prefix::toString).collect(Collectors.joining(", "))
            + " } accept");
    line("  oifname lan ct status & dnat == 0 accept");
    if (remembers) {
      for (Outside outside : outsides) {
        line(
            "  meta l4proto udp snat ip to "
                + outside.address()
                + " : ip saddr . udp sport"
                + mappingRemote(" . ct original ip daddr", " . ct original proto-dst")
                + " map "
                + outside.at("ports"));
      }
    }
    if (several) {
      boolean paired = behaviour.options().pool().pooling() == Pooling.PAIRED;
      line(
          "  "
              + (paired ? "jhash ip saddr" : "numgen random")
              + " mod "
              + outsides.size()
              + (paired ? " seed 0x1f2e3d4c" : "")
              + " vmap { "
              + IntStream.range(0, outsides.size())
                  .mapToObj(i -> i + " : jump pool" + outsides.get(i).suffix())
                  .collect(Collectors.joining(", "))
              + " }");
    } else {
      allocate(outsides.get(0));
    }
    line(" }");
  }

  private void allocate(Outside outside) {
    PortAllocation ports = behaviour.ports();
    String range = ports.first() + "-" + ports.last();
    String udp = "  meta l4proto udp ";
    String rest = "  meta l4proto { tcp, udp } ";
    String to = "snat ip to " + outside.address();
    switch (ports.kind()) {
      case PRESERVING -> {
        line(udp + "udp sport " + range + " udp sport != " + outside.at("hosts") + " " + to);
        line(udp + to + ":" + range + " fully-random");
        line(rest + to + ":" + range);
      }
      case OVERLOADING -> line(rest + (outsides.size() > 1 ? to + ":" : "masquerade to :") + range);
      case SEQUENTIAL -> {
        line(udp + to + ":" + sequence(ports));
        line(rest + to + ":" + range);
      }
      case RANDOM -> line(rest + to + ":" + range + " fully-random");
    }
    line("  " + to);
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
    boolean resets = behaviour.options().tcp().unsolicited() == UnsolicitedSyn.RESET;
    if (!behaviour.silent() && !resets) {
      return;
    }
    String policy = behaviour.silent() ? "drop" : "accept";
    line(" chain input { type filter hook input priority filter; policy " + policy + ";");
    line("  ct state established,related accept");
    if (resets) {
      line("  iifname wan tcp flags & (syn | ack) == syn reject with tcp reset");
    }
    line("  iifname { lan, lo } ip daddr != { " + addresses() + " } accept");
    line(" }");
  }

  private String addresses() {
    return outsides.stream().map(Outside::address).collect(Collectors.joining(", "));
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
