package dev.culvert.natsim;

import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.Inet4Address;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Watches a NAT, with the times of its mappings kept anew. */
final class NatBook extends GatewayBook {
  private static final int PORTS = 65_536;

  /** To whom an external address belongs; with overloaded ports, for one remote side. */
  private record Place(
      Protocol protocol, TransportAddress external, Optional<TransportAddress> remote) {}

  private static final class Owner {
    final Mapping mapping;
    MonotonicTime refreshed;

    Owner(Mapping mapping, MonotonicTime refreshed) {
      this.mapping = mapping;
      this.refreshed = refreshed;
    }
  }

  private final Nat nat;
  private final NatBehaviour claimed;
  private final Map<Place, Owner> owners = new HashMap<>();

  NatBook(Invariants invariants, Nat nat) {
    super(invariants, nat.claims().filtering());
    this.nat = nat;
    this.claimed = nat.claims();
    nat.onCreated(this::created);
    nat.onTurnedBack(this::turnedBack);
  }

  @Override
  void forget() {
    super.forget();
    owners.clear();
  }

  @Override
  void passed(Packet before, Packet after, boolean fromInside, boolean toOutside) {
    if (!isOurs(before, fromInside)) {
      return;
    }
    boolean external = nat.externals().contains(after.source().ip());
    invariants()
        .check(!toOutside || external, "a packet leaves a NAT with its inside source", after);
    if (before.protocol() == Protocol.ICMP) {
      return;
    }
    boolean blocked = claimed.blocked().contains(before.protocol());
    invariants().check(!blocked, "a NAT passes what it blocks", before);
    TransportAddress seen =
        fromInside && !toOutside ? nat.toOutside(after.source()) : after.source();
    if (fromInside) {
      outbound(before, seen, nat.toOutside(before.destination()));
    }
    if (!toOutside) {
      TransportAddress to = fromInside ? nat.toOutside(before.destination()) : before.destination();
      inbound(before, to, fromInside ? seen : before.source(), after.destination());
    }
  }

  private void created(Mapping mapping, TransportAddress remote) {
    MonotonicTime now = invariants().now();
    Place place = place(mapping.protocol, mapping.external, remote);
    Owner old = owners.put(place, new Owner(mapping, now));
    boolean free = old == null || !lives(old);
    invariants().check(free, "one external endpoint has two mappings", mapping);
    int most = 2 * PORTS * nat.externals().size();
    boolean bounded = claimed.ports().overloads() || nat.mappings().size() <= most;
    invariants().check(bounded, "a NAT has more mappings than ports", mapping);
  }

  /** The way in may end at a filter, but what was sent was sent. */
  private void turnedBack(Mapping mapping, TransportAddress remote) {
    TransportAddress owner = filterOwner(mapping.internal, mapping.external);
    talked(mapping.protocol, owner, remote);
    Owner place = owners.get(place(mapping.protocol, mapping.external, remote));
    if (place != null && lives(place) && !claimed.is(Trait.NOT_REFRESHED_OUTBOUND)) {
      place.refreshed = invariants().now();
    }
  }

  private void outbound(Packet packet, TransportAddress external, TransportAddress remote) {
    Owner owner = owners.get(place(packet.protocol(), external, remote));
    invariants().check(owner != null, "a packet leaves without a mapping", packet);
    if (owner == null) {
      return;
    }
    boolean own = owner.mapping.internal.equals(packet.source());
    invariants().check(own, "a packet leaves through another's mapping", packet);
    invariants().check(lives(owner), "a dead mapping carries a packet out", packet);
    if (!claimed.is(Trait.NOT_REFRESHED_OUTBOUND)) {
      owner.refreshed = invariants().now();
    }
    talked(packet.protocol(), filterOwner(packet.source(), external), remote);
  }

  private void inbound(
      Packet packet,
      TransportAddress external,
      TransportAddress remote,
      TransportAddress internal) {
    Owner owner = owners.get(place(packet.protocol(), external, remote));
    invariants().check(owner != null, "a packet comes in without a mapping", packet);
    if (owner == null) {
      return;
    }
    boolean own = owner.mapping.internal.equals(internal);
    invariants().check(own, "a packet comes in to another's mapping", packet);
    invariants().check(lives(owner), "a dead mapping carries a packet in", packet);
    boolean datagram = packet.protocol() == Protocol.UDP;
    TransportAddress filtered = filterOwner(internal, external);
    if (datagram || packet.signal() == Signal.SYN) {
      boolean asked =
          mayTalk(
              packet.protocol(),
              filtered,
              remote,
              datagram ? Optional.of(claimed.timeout()) : Optional.empty());
      invariants().check(asked, "a NAT lets in what nobody asked for", packet);
    }
    if (claimed.is(Trait.REFRESHED_INBOUND)) {
      owner.refreshed = invariants().now();
      talked(packet.protocol(), filtered, remote);
    }
  }

  private boolean isOurs(Packet before, boolean fromInside) {
    if (nat.isNat64() && fromInside) {
      return !before.destination().isIpv4() && Nat64Prefix.covers(before.destination().ip());
    }
    boolean four = nat.externals().get(0) instanceof Inet4Address;
    return before.destination().isIpv4() == four;
  }

  private boolean lives(Owner owner) {
    return owner.mapping.protocol == Protocol.UDP
        ? invariants().now().isBefore(owner.refreshed.plus(claimed.timeout()))
        : owner.mapping.isLive(invariants().now());
  }

  private TransportAddress filterOwner(TransportAddress internal, TransportAddress external) {
    return claimed.is(Trait.FILTERS_PER_MAPPING) ? external : internal;
  }

  private Place place(Protocol protocol, TransportAddress external, TransportAddress remote) {
    boolean shared = claimed.ports().overloads();
    Optional<TransportAddress> part =
        shared ? Optional.of(claimed.mapping().key(remote)) : Optional.empty();
    return new Place(protocol, external, part);
  }
}
