package dev.culvert.natsim;

import dev.culvert.natsim.NatBehaviour.Trait;
import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Translates and filters by RFC 4787 and RFC 5382; as a NAT64 (RFC 6146) the inside is IPv6, and
 * what is outside of it lives under 64:ff9b::/96.
 */
class Nat implements Middlebox {
  /** What RFC 5382 REQ-4 grants the inside to open the connection itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final NatBehaviour behaviour;
  private final MappingTable mappings;
  private final Neighbours neighbours;
  private final FilterTable filter = new FilterTable();
  private final boolean sixToFour;
  private List<InetAddress> externals;
  private BiConsumer<Mapping, TransportAddress> created = (mapping, remote) -> {};
  private BiConsumer<Mapping, TransportAddress> turnedBack = (mapping, remote) -> {};

  Nat(
      NatBehaviour behaviour,
      List<InetAddress> externals,
      RandomGenerator random,
      boolean sixToFour) {
    this.behaviour = behaviour;
    this.externals = List.copyOf(externals);
    this.mappings = new MappingTable(behaviour, externals, random);
    this.neighbours = new Neighbours(behaviour, mappings, random);
    this.sixToFour = sixToFour;
  }

  /** How it ought to behave. */
  NatBehaviour claims() {
    return behaviour;
  }

  List<InetAddress> externals() {
    return externals;
  }

  MappingTable mappings() {
    return mappings;
  }

  /** Whether it is a NAT64. */
  boolean isNat64() {
    return sixToFour;
  }

  /** Tells of every new mapping and whom it was made for. */
  void onCreated(BiConsumer<Mapping, TransportAddress> listener) {
    created = listener;
  }

  /** Tells of every mapping that a packet was about to leave through that is turned back inside. */
  void onTurnedBack(BiConsumer<Mapping, TransportAddress> listener) {
    turnedBack = listener;
  }

  /** What is {@code inside} to hosts inside, as it is outside. */
  TransportAddress toOutside(TransportAddress inside) {
    return sixToFour ? Nat64Prefix.extract(inside) : inside;
  }

  private TransportAddress toInside(TransportAddress outside) {
    return sixToFour ? Nat64Prefix.embed(outside) : outside;
  }

  @Override
  public Passage fromInside(Packet packet, MonotonicTime now) {
    if (packet.about().isPresent()) {
      return errorFromInside(packet, packet.about().get(), now);
    }
    Optional<Passage> barred = bar(packet);
    if (barred.isPresent()) {
      return barred.get();
    }
    TransportAddress remote = toOutside(packet.destination());
    boolean hairpin = externals.contains(remote.ip());
    if (hairpin && !behaviour.is(Trait.HAIRPINS)) {
      return Passage.drop("no hairpinning");
    }
    Optional<Mapping> mapping = mappingOf(packet, remote, now);
    if (mapping.isEmpty()) {
      return Passage.drop("no port left");
    }
    noteOutbound(packet, mapping.get(), remote, now);
    Packet translated =
        rewrite(packet, mapping.get().internal, mapping.get().external)
            .from(mapping.get().external)
            .to(remote);
    if (!hairpin) {
      return Passage.out(translated);
    }
    turnedBack.accept(mapping.get(), remote);
    return fromOutside(translated, now);
  }

  @Override
  public Passage fromOutside(Packet packet, MonotonicTime now) {
    if (packet.about().isPresent()) {
      return errorFromOutside(packet, packet.about().get(), now);
    }
    Optional<Passage> barred = bar(packet);
    if (barred.isPresent()) {
      return barred.get();
    }
    neighbours.catchUp(now);
    Optional<Mapping> found =
        mappings.findExternal(packet.protocol(), packet.destination(), packet.source(), now);
    if (found.isEmpty()) {
      return stranger(packet, "no mapping");
    }
    Mapping mapping = found.get();
    if (mapping.neighbour) {
      return Passage.drop("a neighbour's");
    }
    if (!isOpen(packet, mapping, now)) {
      return stranger(packet, "filtered");
    }
    noteInbound(packet, mapping, now);
    return Passage.in(
        rewrite(packet, mapping.external, mapping.internal)
            .from(toInside(packet.source()))
            .to(mapping.internal));
  }

  @Override
  public boolean stillRefuses(Packet packet, MonotonicTime now) {
    return mappings
        .findExternal(packet.protocol(), packet.destination(), packet.source(), now)
        .filter(mapping -> mapping.hasStream(packet.source()::equals, now))
        .isEmpty();
  }

  @Override
  public void forget() {
    readdress(externals);
  }

  @Override
  public void readdress(List<InetAddress> external) {
    externals = List.copyOf(external);
    mappings.forget(externals);
    filter.forget();
  }

  @Override
  public void eachNat(Consumer<Nat> action) {
    action.accept(this);
  }

  private Optional<Passage> bar(Packet packet) {
    if (behaviour.blocked().contains(packet.protocol())) {
      return Optional.of(Passage.drop("blocked"));
    }
    return packet.isFragmented() && behaviour.is(Trait.DROPS_FRAGMENTS)
        ? Optional.of(Passage.drop("fragments do not pass"))
        : Optional.empty();
  }

  private Optional<Mapping> mappingOf(Packet packet, TransportAddress remote, MonotonicTime now) {
    neighbours.catchUp(now);
    Protocol protocol = packet.protocol();
    Optional<Mapping> old = mappings.find(protocol, packet.source(), remote, now);
    if (old.isPresent()) {
      return old;
    }
    // A mapping of TCP lives through its connections.
    MonotonicTime until = protocol == Protocol.UDP ? now.plus(behaviour.timeout()) : now;
    Optional<Mapping> fresh = mappings.create(protocol, packet.source(), remote, false, now, until);
    fresh.ifPresent(mapping -> created.accept(mapping, remote));
    return fresh;
  }

  private void noteOutbound(
      Packet packet, Mapping mapping, TransportAddress remote, MonotonicTime now) {
    if (packet.protocol() == Protocol.TCP) {
      mapping.saw(packet, remote, behaviour.streams(), now);
      return;
    }
    MonotonicTime until = now.plus(behaviour.timeout());
    if (!behaviour.is(Trait.NOT_REFRESHED_OUTBOUND)) {
      mapping.refresh(until);
    }
    filter.opened(
        packet.protocol(), filtered(mapping), behaviour.filtering().key(remote), now, until);
  }

  private void noteInbound(Packet packet, Mapping mapping, MonotonicTime now) {
    if (packet.protocol() == Protocol.TCP) {
      mapping.saw(packet, packet.source(), behaviour.streams(), now);
    } else if (behaviour.is(Trait.REFRESHED_INBOUND)) {
      MonotonicTime until = now.plus(behaviour.timeout());
      mapping.refresh(until);
      TransportAddress remote = behaviour.filtering().key(packet.source());
      filter.opened(packet.protocol(), filtered(mapping), remote, now, until);
    }
  }

  private boolean isOpen(Packet packet, Mapping mapping, MonotonicTime now) {
    Dependence filtering = behaviour.filtering();
    TransportAddress remote = filtering.key(packet.source());
    return filtering == Dependence.ENDPOINT_INDEPENDENT
        || (packet.protocol() == Protocol.TCP
            ? mapping.hasStream(other -> filtering.key(other).equals(remote), now)
            : filter.isOpen(packet.protocol(), filtered(mapping), remote, now));
  }

  /** Turns away a packet that nobody inside asked for. */
  private Passage stranger(Packet packet, String fate) {
    if (packet.signal() == Signal.SYN) {
      return switch (behaviour.streams().stranger()) {
        case SILENCE ->
            behaviour.is(Trait.ANSWERS) ? Passage.refuse(fate, Signal.RST) : Passage.drop(fate);
        case RESET -> Passage.refuse(fate, Signal.RST);
        case ICMP -> Passage.refuse(fate, Signal.PORT_UNREACHABLE, PATIENCE);
      };
    }
    return packet.protocol() == Protocol.UDP && behaviour.is(Trait.ANSWERS)
        ? Passage.refuse(fate, Signal.PORT_UNREACHABLE)
        : Passage.drop(fate);
  }

  /** An error from a host inside about what it was sent. */
  private Passage errorFromInside(Packet error, Packet about, MonotonicTime now) {
    if (sixToFour && !Nat64Prefix.covers(about.source().ip())) {
      return Passage.drop("an error about nothing known");
    }
    TransportAddress remote = toOutside(about.source());
    return mappings
        .find(about.protocol(), about.destination(), remote, now)
        .map(
            mapping ->
                Passage.out(
                    error
                        .from(mapping.external)
                        .to(toOutside(error.destination()))
                        .about(about.from(remote).to(mapping.external))))
        .orElseGet(() -> Passage.drop("an error about nothing known"));
  }

  /** An error from outside about what a host inside sent (RFC 4787 §9). */
  private Passage errorFromOutside(Packet error, Packet about, MonotonicTime now) {
    return mappings
        .findExternal(about.protocol(), about.source(), about.destination(), now)
        .filter(mapping -> !mapping.neighbour)
        .map(
            mapping ->
                Passage.in(
                    widened(error)
                        .from(toInside(error.source()))
                        .to(mapping.internal)
                        .about(about.from(mapping.internal).to(toInside(about.destination())))))
        .orElseGet(() -> Passage.drop("an error about nothing known"));
  }

  /** The header of IPv6 is 20 bytes longer (RFC 7915 §4.2). */
  private Packet widened(Packet error) {
    int mtu = sixToFour && error.signal() == Signal.TOO_BIG ? error.mtu() + 20 : 0;
    return mtu == 0 ? error : error.carrying(Bytes.of(mtu >> 8, mtu));
  }

  private TransportAddress filtered(Mapping mapping) {
    return behaviour.is(Trait.FILTERS_PER_MAPPING) ? mapping.external : mapping.internal;
  }

  private Packet rewrite(Packet packet, TransportAddress from, TransportAddress to) {
    if (!behaviour.is(Trait.REWRITES_PAYLOAD) || packet.protocol() != Protocol.UDP) {
      return packet;
    }
    Bytes old = wireForm(from);
    Bytes replacement = wireForm(to);
    Bytes payload = packet.payload();
    for (int at = 0; at + old.length() <= payload.length(); at++) {
      if (payload.slice(at, at + old.length()).equals(old)) {
        payload = payload.slice(0, at).concat(replacement).concat(payload.slice(at + old.length()));
      }
    }
    return packet.carrying(payload);
  }

  /** Port and address side by side, as STUN's MAPPED-ADDRESS has them. */
  private static Bytes wireForm(TransportAddress address) {
    return Bytes.of(address.port() >> 8, address.port())
        .concat(Bytes.wrap(address.ip().getAddress()));
  }
}
