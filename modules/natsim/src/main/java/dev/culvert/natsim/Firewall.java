package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;

/** Filters without translating. */
final class Firewall implements Middlebox {
  private static final Duration STREAM_LIFE = Duration.ofHours(2);

  private final FirewallBehaviour behaviour;
  private final FilterTable filter;

  Firewall(FirewallBehaviour behaviour) {
    this.behaviour = behaviour;
    this.filter = new FilterTable(behaviour.filtering());
  }

  @Override
  public Passage fromInside(Packet packet, MonotonicTime now) {
    if (packet.protocol() == Protocol.ICMP) {
      return Passage.out(packet);
    }
    if (behaviour.blocked().contains(packet.protocol())) {
      return behaviour.says()
          ? Passage.refuse("blocked", Signal.PROHIBITED)
          : Passage.drop("blocked");
    }
    Duration life = packet.protocol() == Protocol.UDP ? behaviour.timeout() : STREAM_LIFE;
    filter.opened(packet.protocol(), packet.source(), packet.destination(), now, life);
    return Passage.out(packet);
  }

  @Override
  public Passage fromOutside(Packet packet, MonotonicTime now) {
    Packet flow = packet.about().map(Packet::reversed).orElse(packet);
    if (behaviour.blocked().contains(flow.protocol())) {
      return Passage.drop("blocked");
    }
    boolean open = filter.isOpen(flow.protocol(), flow.destination(), flow.source(), now);
    return open ? Passage.in(packet) : Passage.drop("filtered");
  }

  @Override
  public void forget() {
    filter.forget();
  }
}
