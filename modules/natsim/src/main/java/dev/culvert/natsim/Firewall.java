package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Filters without translating. */
class Firewall implements Middlebox {
  private static final Duration STREAM_LIFE = Duration.ofHours(2);

  private final FirewallBehaviour behaviour;
  private final Predicate<InetAddress> covers;
  private final FilterTable filter = new FilterTable();

  /**
   * @param covers the addresses that it is there for
   */
  Firewall(FirewallBehaviour behaviour, Predicate<InetAddress> covers) {
    this.behaviour = behaviour;
    this.covers = covers;
  }

  boolean covers(InetAddress ip) {
    return covers.test(ip);
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
    filter.opened(
        packet.protocol(),
        packet.source(),
        key(packet.protocol(), packet.destination()),
        now,
        now.plus(life));
    return Passage.out(packet);
  }

  @Override
  public Passage fromOutside(Packet packet, MonotonicTime now) {
    Packet flow = packet.about().map(Packet::reversed).orElse(packet);
    if (behaviour.blocked().contains(flow.protocol())) {
      return Passage.drop("blocked");
    }
    boolean open =
        behaviour.open()
            || filter.isOpen(
                flow.protocol(), flow.destination(), key(flow.protocol(), flow.source()), now);
    return open ? Passage.in(packet) : Passage.drop("filtered");
  }

  @Override
  public void forget() {
    filter.forget();
  }

  @Override
  public void eachFirewall(Consumer<Firewall> action) {
    action.accept(this);
  }

  FirewallBehaviour behaviour() {
    return behaviour;
  }

  /** Streams are let in only from where they were opened to, whatever holds for datagrams. */
  private TransportAddress key(Protocol protocol, TransportAddress remote) {
    return protocol == Protocol.UDP ? behaviour.filtering().key(remote) : remote;
  }
}
