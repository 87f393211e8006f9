package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What is known, without looking into it, of whom the inside of a router has talked to. */
abstract class GatewayBook {
  private record Contact(Protocol protocol, TransportAddress owner, InetAddress ip, int port) {}

  private final Invariants invariants;
  private final Dependence filtering;
  private final Map<Contact, MonotonicTime> contacts = new HashMap<>();

  GatewayBook(Invariants invariants, Dependence filtering) {
    this.invariants = invariants;
    this.filtering = filtering;
  }

  /** A packet passes the router. */
  abstract void passed(Packet before, Packet after, boolean fromInside, boolean toOutside);

  /** The router has lost its memory. */
  void forget() {
    contacts.clear();
  }

  Invariants invariants() {
    return invariants;
  }

  /** Notes that {@code owner} has talked to {@code remote}. */
  void talked(Protocol protocol, TransportAddress owner, TransportAddress remote) {
    contacts.put(new Contact(protocol, owner, remote.ip(), remote.port()), invariants.now());
    contacts.put(new Contact(protocol, owner, remote.ip(), 0), invariants.now());
  }

  /** Whether {@code remote} may talk to {@code owner}. */
  boolean mayTalk(
      Protocol protocol, TransportAddress owner, TransportAddress remote, Optional<Duration> life) {
    if (filtering == Dependence.ENDPOINT_INDEPENDENT) {
      return true;
    }
    int port = filtering == Dependence.ADDRESS ? 0 : remote.port();
    MonotonicTime since = contacts.get(new Contact(protocol, owner, remote.ip(), port));
    return since != null && (life.isEmpty() || invariants.now().isBefore(since.plus(life.get())));
  }
}
