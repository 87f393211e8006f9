package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A computer with addresses, a UDP and a TCP stack, and machines that run on it. */
public final class Host {
  private static final int EPHEMERAL_LOW = 32_768;
  private static final int EPHEMERAL_COUNT = 28_232;

  private final World world;
  private final String name;
  private final List<Port> ports = new ArrayList<>();
  private final UdpSockets udp = new UdpSockets(this);
  private final TcpStack tcp = new TcpStack(this);
  private final Map<InetAddress, Integer> pathMtus = new HashMap<>();
  private boolean quiet;
  private boolean down;
  private boolean setsTtl = true;
  private Optional<Boolean> dns64 = Optional.empty();

  Host(World world, String name) {
    this.world = world;
    this.name = name;
  }

  /** Gives it addresses in one more network; the first one is where it sends what it can. */
  public Host join(Network network, Link link, InetAddress... ips) {
    List<InetAddress> addresses = List.of(ips);
    Port port = new Port(name, this::arrive, network, link, addresses);
    ports.add(port);
    network.add(port, addresses);
    return this;
  }

  /**
   * Takes it off all its networks; {@link #join} puts it on another. Its sockets stay: those of a
   * wildcard address go on there.
   */
  public Host leave() {
    ports.forEach(port -> port.network().remove(port.ips()));
    ports.clear();
    pathMtus.clear();
    return this;
  }

  /** Cuts or mends its lines. */
  public Host cut(boolean isCut) {
    ports.forEach(port -> port.cut(isCut));
    return this;
  }

  /** Changes its lines. */
  public Host relink(Link link) {
    ports.forEach(port -> port.link(link));
    return this;
  }

  /**
   * Has its resolver answer for IPv4 addresses with their form under 64:ff9b::/96 (RFC 6147), or
   * not.
   *
   * @param alone whether no other IPv6 leads anywhere, so that real addresses are left out; empty
   *     for an ordinary resolver
   */
  public Host dns64(Optional<Boolean> alone) {
    dns64 = alone;
    return this;
  }

  /** Whether closed ports stay silent instead of answering with errors. */
  public Host quiet(boolean isQuiet) {
    quiet = isQuiet;
    return this;
  }

  /** Whether it is switched off: nothing is heard or answered. */
  public Host down(boolean isDown) {
    down = isDown;
    return this;
  }

  /** Whether machines on it can set the hop limit of what they send. */
  public Host setsTtl(boolean canSet) {
    setsTtl = canSet;
    return this;
  }

  /** Runs {@code machine} on this host from now on; {@code listener} gets its events. */
  public <E> Resident<E> run(Machine<E> machine, Consumer<? super E> listener) {
    Resident<E> resident = new Resident<>(this, machine, listener);
    resident.start();
    return resident;
  }

  String name() {
    return name;
  }

  Answer resolve(Question question) {
    Answer answer = world.names().answer(question);
    return dns64.isPresent() && answer instanceof Answer.Addresses addresses
        ? new Answer.Addresses(Names.dns64(addresses.ips(), dns64.get()))
        : answer;
  }

  void arrive(Packet packet, Port via) {
    if (down) {
      world.tell(name, packet, "the host is down");
      return;
    }
    if (!has(packet.destination().ip())) {
      world.tell(name, packet, "not for this host");
      return;
    }
    world.tell(name, packet, "delivered");
    switch (packet.protocol()) {
      case UDP -> udp.arrive(packet);
      case TCP -> tcp.arrive(packet);
      case ICMP -> packet.about().ifPresent(about -> error(packet, about));
    }
  }

  private void error(Packet packet, Packet about) {
    if (packet.signal() == Signal.TOO_BIG) {
      pathMtus.merge(about.destination().ip(), packet.mtu(), Math::min);
    } else if (about.protocol() == Protocol.UDP) {
      udp.error(packet.signal(), about);
    } else {
      tcp.error(packet.signal(), about);
    }
  }

  World world() {
    return world;
  }

  UdpSockets udp() {
    return udp;
  }

  TcpStack tcp() {
    return tcp;
  }

  List<Port> ports() {
    return ports;
  }

  boolean isDown() {
    return down;
  }

  boolean canSetTtl() {
    return setsTtl;
  }

  boolean has(InetAddress ip) {
    return ports.stream().anyMatch(port -> port.ips().contains(ip));
  }

  /** The address that a packet to {@code remote} would leave from; empty if no way leads there. */
  Optional<InetAddress> sourceFor(InetAddress remote) {
    return wayTo(remote)
        .flatMap(port -> port.ips().stream().filter(ip -> sameFamily(ip, remote)).findFirst());
  }

  /** Sends a packet out of the network its source address belongs to, or keeps it on the host. */
  void send(Packet packet) {
    if (has(packet.destination().ip())) {
      Packet own = world.numbered(packet);
      world.tell(name, own, "sent");
      world.fly(Duration.ZERO, own, () -> arrive(own, ports.get(0)));
      return;
    }
    for (Port port : ports) {
      if (port.ips().contains(packet.source().ip())) {
        send(packet, port);
        return;
      }
    }
    world.tell(name, packet, "no such source address");
  }

  private void send(Packet packet, Port port) {
    InetAddress remote = packet.destination().ip();
    int mtu = Math.min(port.network().mtu(port, remote), pathMtus.getOrDefault(remote, 0xffff));
    packet
        .fit(mtu, true)
        .ifPresentOrElse(
            port::send, () -> world.tell(name, packet, "too big for " + mtu + " bytes"));
  }

  /** Tells the sender of a packet that nobody takes it. */
  void refuse(Packet packet, Signal signal) {
    if (quiet) {
      return;
    }
    if (packet.protocol() == Protocol.TCP) {
      send(packet.reversed().signalling(Signal.RST));
    } else {
      send(packet.error(signal, packet.destination()));
    }
  }

  int randomPort() {
    return EPHEMERAL_LOW + world.chance().nextInt(EPHEMERAL_COUNT);
  }

  /** The local address to use for {@code wanted}; its port is left alone. */
  TransportAddress concrete(TransportAddress wanted, TransportAddress remote) {
    return wanted.ip().isAnyLocalAddress()
        ? sourceFor(remote.ip()).map(ip -> new TransportAddress(ip, wanted.port())).orElse(wanted)
        : wanted;
  }

  private Optional<Port> wayTo(InetAddress remote) {
    return ports.stream()
        .filter(port -> port.network().has(remote))
        .filter(port -> port.ips().stream().anyMatch(ip -> sameFamily(ip, remote)))
        .findFirst()
        .or(
            () ->
                ports.stream()
                    .filter(port -> port.ips().stream().anyMatch(ip -> sameFamily(ip, remote)))
                    .findFirst());
  }

  private static boolean sameFamily(InetAddress one, InetAddress other) {
    return one.getClass() == other.getClass();
  }
}
