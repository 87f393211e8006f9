package dev.culvert.session;

import dev.culvert.ice.Base;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.turn.client.TurnClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** All tunnels to relays; every peer is reached through the same ones. */
final class Tunnels {
  private final Desk desk;
  private final RandomGenerator random;
  private final Tunnel.Listener listener;
  private final List<Tunnel> tunnels = new ArrayList<>();
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
    for (Relay relay : relays) {
      open(relay, sockets, now);
    }
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
        relay.config().transport() == Transport.UDP
            ? sockets.stream().filter(base -> base.address().isIpv4() == ipv4).findFirst()
            : Optional.empty();
    if (relay.config().transport() == Transport.UDP && socket.isEmpty()) {
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
    return tunnels.stream().allMatch(Tunnel::isSettled);
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
    tunnels.forEach(tunnel -> tunnel.client().close(now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return tunnels.stream()
        .flatMap(tunnel -> tunnel.client().nextDeadline().stream())
        .min(Comparator.naturalOrder());
  }
}
