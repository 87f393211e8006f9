package dev.culvert.natsim;

import dev.culvert.natsim.Middlebox.Passage;
import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** A router between two networks that translates or filters. It counts as one hop. */
public final class Router {
  private final World world;
  private final String name;
  private final Middlebox box;
  private final Network inside;
  private final Port inner;
  private final Port outer;

  Router(
      World world,
      String name,
      Middlebox box,
      Network inside,
      Network outside,
      Link link,
      List<InetAddress> ips) {
    this.world = world;
    this.name = name;
    this.box = box;
    this.inside = inside;
    this.inner = new Port(name, this::arrive, inside, Link.of(Duration.ZERO), List.of());
    this.outer = new Port(name, this::arrive, outside, link, ips);
    inside.leaveThrough(inner);
    outside.add(outer, ips);
  }

  /** The network behind it. */
  public Network inside() {
    return inside;
  }

  /** Forgets every mapping and filter, as after a restart. */
  public void restart() {
    box.forget();
  }

  Port outer() {
    return outer;
  }

  private void arrive(Packet packet, Port via) {
    if (packet.ttl() <= 1) {
      drop(packet, via, "hop limit used up", Signal.TIME_EXCEEDED);
      return;
    }
    Packet onward = packet.oneHopOn();
    Passage passage =
        via.equals(inner)
            ? box.fromInside(onward, world.now())
            : box.fromOutside(onward, world.now());
    passage.packet().ifPresent(passage.outward() ? outer::send : inner::send);
    if (passage.packet().isEmpty()) {
      world.tell(name, packet, passage.fate());
    }
    passage.error().ifPresent(signal -> answer(packet, via, signal));
  }

  private void drop(Packet packet, Port via, String fate, Signal signal) {
    world.tell(name, packet, fate);
    answer(packet, via, signal);
  }

  private void answer(Packet packet, Port via, Signal signal) {
    if (packet.protocol() != Protocol.ICMP) {
      TransportAddress reporter =
          outer.ips().isEmpty()
              ? packet.destination()
              : new TransportAddress(outer.ips().get(0), 0);
      via.send(packet.error(signal, reporter));
    }
  }
}
