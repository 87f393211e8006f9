package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.turn.client.TurnClient;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All tunnels to relays; every peer is reached through the same ones. */
final class Tunnels {
  /**
   * Before a relay is spoken to over TCP or TLS, too, that is spoken to over UDP: what goes on
   * meanwhile is more urgent (RFC 8305 §5 waits as long for the second address of a server).
   */
  private static final Duration HEAD_START = Duration.ofMillis(250);

  private final Desk desk;
  private final RandomGenerator random;
  private final Tunnel.Listener listener;
  private final List<Tunnel> tunnels = new ArrayList<>();
  private final Map<Relay, MonotonicTime> held = new LinkedHashMap<>();
  private boolean begun;

  Tunnels(Desk desk, RandomGenerator random, Tunnel.Listener listener) {
    this.desk = desk;
    this.random = random;
    this.listener = listener;
  }

  boolean isBegun() {
    return begun;
  }

  /** Asks each relay for an allocation, over UDP from the first socket of its IP version. */
  void begin(List<Relay> relays, List<Base> sockets, MonotonicTime now) {
    begun = true;
    relays.stream().filter(Tunnels::isOverUdp).forEach(relay -> open(relay, sockets, now));
    for (Relay relay : relays) {
      if (!isOverUdp(relay) && hasRival(relay)) {
        held.put(relay, now.plus(HEAD_START));
      } else if (!isOverUdp(relay)) {
        open(relay, sockets, now);
      }
    }
  }

  private static boolean isOverUdp(Relay relay) {
    return relay.config().transport() == Transport.UDP;
  }

  /** Whether the same relay is asked, or has given an allocation, over UDP. */
  private boolean hasRival(Relay relay) {
    InetAddress ip = relay.config().server().ip();
    return tunnels.stream()
        .map(Tunnel::relay)
        .anyMatch(its -> isOverUdp(its) && its.config().server().ip().equals(ip));
  }

  /** These are the relays from now on; tunnels to others are not touched. */
  void only(List<Relay> relays) {
    held.keySet().retainAll(relays);
  }

  /** Whether a relay of this name is spoken to, or will be. */
  boolean knows(String name) {
    return Stream.concat(tunnels.stream().map(Tunnel::relay), held.keySet().stream())
        .anyMatch(relay -> relay.name().equals(name));
  }

  /**
   * Asks one relay.
   *
   * @param sockets that it may share, the best first
   * @return false: it is spoken to over UDP, and there is no socket for it
   */
  boolean open(Relay relay, List<Base> sockets, MonotonicTime now) {
    boolean ipv4 = relay.config().server().isIpv4();
    Optional<Base> socket =
        isOverUdp(relay)
            ? sockets.stream().filter(base -> base.address().isIpv4() == ipv4).findFirst()
            : Optional.empty();
    if (isOverUdp(relay) && socket.isEmpty()) {
      return false;
    }
    TurnClient client =
        socket
            .map(
                base ->
                    TurnClient.sharing(
                        base.to(relay.config().server()),
                        relay.config().withReallocation(),
                        random))
            .orElseGet(
                () -> new TurnClient(relay.config().withReallocation(), random, desk::newId));
    Tunnel tunnel = new Tunnel(relay, desk.newId(), client, socket, now);
    tunnels.add(tunnel);
    client.advance(now);
    return true;
  }

  Stream<Tunnel> all() {
    return tunnels.stream();
  }

  boolean areSettled() {
    return held.isEmpty() && tunnels.stream().allMatch(Tunnel::isSettled);
  }

  boolean areEnded() {
    return tunnels.stream().allMatch(tunnel -> tunnel.client().hasEnded());
  }

  Optional<Tunnel> of(long innerId) {
    return tunnels.stream().filter(tunnel -> tunnel.id() == innerId).findFirst();
  }

  /** Whether a relay had sent this; what was inside comes by the listener. */
  boolean take(Flow from, Bytes payload, MonotonicTime now) {
    for (Tunnel tunnel : tunnels) {
      boolean own = tunnel.socket().isEmpty() && tunnel.client().hears(from);
      if (own || tunnel.client().owns(from, payload)) {
        tunnel.client().receive(from, payload, now);
        return true;
      }
    }
    return false;
  }

  void accept(Input input, MonotonicTime now) {
    tunnels.forEach(tunnel -> tunnel.client().accept(input, now));
  }

  void advance(MonotonicTime now) {
    held.entrySet().stream()
        .filter(each -> !now.isBefore(each.getValue()) || !hasRival(each.getKey()))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(
            relay -> {
              held.remove(relay);
              open(relay, List.of(), now);
            });
    tunnels.forEach(tunnel -> tunnel.client().advance(now));
  }

  boolean drain(MonotonicTime now) {
    boolean busy = false;
    for (Tunnel tunnel : List.copyOf(tunnels)) {
      busy |= tunnel.drain(desk, listener, now);
    }
    return busy;
  }

  void forget(Tunnel tunnel) {
    tunnels.remove(tunnel);
  }

  void close(MonotonicTime now) {
    held.clear();
    tunnels.forEach(tunnel -> tunnel.client().close(now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return Stream.concat(
            held.values().stream(),
            tunnels.stream().flatMap(tunnel -> tunnel.client().nextDeadline().stream()))
        .min(Comparator.naturalOrder());
  }
}
