package dev.culvert.natsim;

import dev.culvert.natsim.MappingTable.Mapping;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Translates and filters by RFC 4787. */
final class Nat implements Middlebox {
  private static final Duration STREAM_LIFE = Duration.ofHours(2);

  private final NatBehaviour behaviour;
  private final List<InetAddress> externals;
  private final MappingTable mappings;
  private final FilterTable filter;

  Nat(NatBehaviour behaviour, List<InetAddress> externals, RandomGenerator random) {
    this.behaviour = behaviour;
    this.externals = externals;
    this.mappings = new MappingTable(behaviour, externals, random);
    this.filter = new FilterTable(behaviour.filtering());
  }

  @Override
  public Passage fromInside(Packet packet, MonotonicTime now) {
    if (packet.about().isPresent()) {
      return errorFromInside(packet, packet.about().get(), now);
    }
    if (behaviour.blocked().contains(packet.protocol())) {
      return Passage.drop("blocked");
    }
    if (packet.isFragmented() && !behaviour.passesFragments()) {
      return Passage.drop("fragments do not pass");
    }
    boolean hairpin = externals.contains(packet.destination().ip());
    if (hairpin && !behaviour.hairpinning()) {
      return Passage.drop("no hairpinning");
    }
    MonotonicTime until = now.plus(life(packet.protocol()));
    TransportAddress remote = packet.destination();
    Optional<Mapping> mapping =
        mappings
            .find(packet.protocol(), packet.source(), remote, now)
            .or(() -> mappings.create(packet.protocol(), packet.source(), remote, now, until));
    if (mapping.isEmpty()) {
      return Passage.drop("no port left");
    }
    mapping.get().refresh(until);
    filter.opened(packet.protocol(), filtered(mapping.get()), remote, now, life(packet.protocol()));
    Packet translated =
        rewrite(packet, mapping.get().internal, mapping.get().external)
            .from(mapping.get().external);
    return hairpin ? fromOutside(translated, now) : Passage.out(translated);
  }

  @Override
  public Passage fromOutside(Packet packet, MonotonicTime now) {
    if (packet.about().isPresent()) {
      return errorFromOutside(packet, packet.about().get(), now);
    }
    if (behaviour.blocked().contains(packet.protocol())) {
      return Passage.drop("blocked");
    }
    if (packet.isFragmented() && !behaviour.passesFragments()) {
      return Passage.drop("fragments do not pass");
    }
    Optional<Mapping> found =
        mappings.findExternal(packet.protocol(), packet.destination(), packet.source(), now);
    if (found.isEmpty()) {
      return Passage.drop("no mapping");
    }
    Mapping mapping = found.get();
    if (!filter.isOpen(packet.protocol(), filtered(mapping), packet.source(), now)) {
      return Passage.drop("filtered");
    }
    if (behaviour.refreshedInbound()) {
      mapping.refresh(now.plus(life(packet.protocol())));
    }
    return Passage.in(rewrite(packet, mapping.external, mapping.internal).to(mapping.internal));
  }

  @Override
  public void forget() {
    mappings.forget();
    filter.forget();
  }

  /** An error from a host inside about what it was sent. */
  private Passage errorFromInside(Packet error, Packet about, MonotonicTime now) {
    return mappings
        .find(about.protocol(), about.destination(), about.source(), now)
        .map(mapping -> Passage.out(error.from(mapping.external).about(about.to(mapping.external))))
        .orElseGet(() -> Passage.drop("an error about nothing known"));
  }

  /** An error from outside about what a host inside sent (RFC 4787 §9). */
  private Passage errorFromOutside(Packet error, Packet about, MonotonicTime now) {
    return mappings
        .findExternal(about.protocol(), about.source(), about.destination(), now)
        .map(mapping -> Passage.in(error.to(mapping.internal).about(about.from(mapping.internal))))
        .orElseGet(() -> Passage.drop("an error about nothing known"));
  }

  private TransportAddress filtered(Mapping mapping) {
    return behaviour.filtersPerMapping() ? mapping.external : mapping.internal;
  }

  private Duration life(Protocol protocol) {
    return protocol == Protocol.UDP ? behaviour.timeout() : STREAM_LIFE;
  }

  private Packet rewrite(Packet packet, TransportAddress from, TransportAddress to) {
    if (!behaviour.rewritesPayload() || packet.protocol() != Protocol.UDP) {
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
