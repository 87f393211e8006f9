package dev.culvert.natsim;

import dev.culvert.natsim.Middlebox.Passage;
import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A router between two networks that translates or filters. It counts as one hop. */
public final class Router {
  private final World world;
  private final String name;
  private final Middlebox box;
  private final Network inside;
  private final Port inner;
  private final Port outer;
  private boolean blackHole;

  Router(
      World world, String name, Middlebox box, Network outside, Link link, List<InetAddress> ips) {
    this.world = world;
    this.name = name;
    this.box = box;
    this.inside = new Network(world, name + " inside");
    this.inner = new Port(name, this::arrive, inside, Link.of(Duration.ZERO), List.of());
    this.outer = new Port(name, this::arrive, outside, link, ips);
    inside.leaveThrough(inner);
    outside.add(outer, ips);
    world.invariants().built(this);
  }

  /** The network behind it. */
  public Network inside() {
    return inside;
  }

  /**
   * Gives it addresses of its own in the network behind it, where it answers that ports are closed.
   */
  public Router insideAddresses(InetAddress... ips) {
    List<InetAddress> own = List.of(ips);
    inner.ips(own);
    inside.add(inner, own);
    return this;
  }

  /** Whether it says nothing of what is too big, nor lets others say it (RFC 2923 §2.1). */
  public Router blackHole(boolean isBlackHole) {
    blackHole = isBlackHole;
    return this;
  }

  /** Forgets every mapping and filter, as after a restart. */
  public void restart() {
    box.forget();
    world.invariants().forgot(this);
  }

  /** Has these addresses outside from now on; every mapping is gone. */
  public void readdress(InetAddress... outside) {
    List<InetAddress> ips = List.of(outside);
    outer.network().remove(outer.ips());
    outer.ips(ips);
    outer.network().add(outer, ips);
    box.readdress(ips);
    world.invariants().forgot(this);
  }

  /** Cuts or mends the line to the network outside. */
  public void cut(boolean isCut) {
    outer.cut(isCut);
  }

  /** Changes the line to the network outside. */
  public void relink(Link link) {
    outer.link(link);
  }

  String name() {
    return name;
  }

  Port outer() {
    return outer;
  }

  Port inner() {
    return inner;
  }

  Middlebox box() {
    return box;
  }

  private void arrive(Packet packet, Port via) {
    if (via == inner && inner.ips().contains(packet.destination().ip())) {
      closedPort(packet);
      return;
    }
    if (blackHole && packet.signal() == Signal.TOO_BIG) {
      world.tell(name, packet, "a black hole");
      return;
    }
    if (packet.ttl() <= 1) {
      world.tell(name, packet, "hop limit used up");
      answer(packet, via, Signal.TIME_EXCEEDED);
      return;
    }
    Packet onward = packet.hopsOn(1);
    MonotonicTime now = world.now();
    Passage passage = via == inner ? box.fromInside(onward, now) : box.fromOutside(onward, now);
    if (passage.packet().isPresent()) {
      pass(packet, passage.packet().get(), via, passage.outward() ? outer : inner);
    } else {
      world.tell(name, packet, passage.fate());
    }
    if (passage.error().isPresent()) {
      tellSender(packet, via, passage);
    }
  }

  private void pass(Packet before, Packet after, Port via, Port to) {
    world.invariants().passed(this, before, after, via == inner, to == outer);
    int mtu = to.network().mtu(to, after.destination().ip());
    Optional<Packet> fitting = after.fit(mtu, false);
    if (fitting.isPresent()) {
      to.send(fitting.get());
      return;
    }
    world.tell(name, before, "too big");
    if (!blackHole) {
      int said = mtu + before.size() - after.size();
      via.send(before.tooBig(said, reporter(before, via)));
    }
  }

  private void tellSender(Packet packet, Port via, Passage passage) {
    Signal signal = passage.error().orElseThrow();
    if (passage.patience().isZero()) {
      answer(packet, via, signal);
    } else {
      world.schedule(
          passage.patience(),
          () -> {
            if (box.stillRefuses(packet, world.now())) {
              answer(packet, via, signal);
            }
          });
    }
  }

  private void closedPort(Packet packet) {
    world.tell(name, packet, "a closed port of the router");
    Signal signal = packet.protocol() == Protocol.TCP ? Signal.RST : Signal.PORT_UNREACHABLE;
    answer(packet, inner, signal);
  }

  private void answer(Packet packet, Port via, Signal signal) {
    if (packet.protocol() == Protocol.ICMP) {
      return;
    }
    via.send(
        signal == Signal.RST
            ? packet.reversed().signalling(Signal.RST)
            : packet.error(signal, reporter(packet, via)));
  }

  private TransportAddress reporter(Packet packet, Port via) {
    return Stream.concat(via.ips().stream(), outer.ips().stream())
        .filter(ip -> ip.getClass() == packet.source().ip().getClass())
        .findFirst()
        .map(ip -> new TransportAddress(ip, 0))
        .orElse(packet.destination());
  }
}
