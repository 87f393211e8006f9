package dev.culvert.punch;

import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * What a peer knows of what stands between one of its sockets and the Internet. It is told to the
 * other peer, so it has no times but ages.
 *
 * @param reflexive that socket's address as a server saw it last; its own where nothing translates
 * @param translated whether that is another address than its own
 * @param mapping what the address depends on (RFC 4787 §4.1)
 * @param filtering whose packets come in (RFC 4787 §5); endpoint-independent where everybody's do
 * @param ports how ports are chosen for new mappings (RFC 4787 §4.2)
 * @param newest the newest mapping that a server saw, whatever socket it was for; matters where
 *     ports are sequential
 */
public record NatTraits(
    TransportAddress reflexive,
    boolean translated,
    Dependence mapping,
    Dependence filtering,
    PortRule ports,
    Optional<PortSighting> newest) {

  /** A host with a public address whose packets are not filtered. */
  public static NatTraits open(TransportAddress address) {
    return new NatTraits(
        address,
        false,
        Dependence.ENDPOINT_INDEPENDENT,
        Dependence.ENDPOINT_INDEPENDENT,
        PortRule.preserving(),
        Optional.empty());
  }

  /** A host of which nothing is known but where a server saw it. */
  public static NatTraits unknown(TransportAddress reflexive) {
    return new NatTraits(
        reflexive,
        true,
        Dependence.UNKNOWN,
        Dependence.UNKNOWN,
        PortRule.unknown(),
        Optional.empty());
  }

  /** The same with a newer sighting. */
  public NatTraits seen(PortSighting sighting) {
    return new NatTraits(reflexive, translated, mapping, filtering, ports, Optional.of(sighting));
  }

  /** The same with another address. */
  public NatTraits at(TransportAddress newReflexive) {
    return new NatTraits(newReflexive, translated, mapping, filtering, ports, newest);
  }

  /**
   * Whether the address that the peer is seen at is known beforehand. What was not measured is
   * taken for steady, since trying that costs little.
   */
  boolean isSteady() {
    return !translated
        || mapping == Dependence.ENDPOINT_INDEPENDENT
        || mapping == Dependence.UNKNOWN
        || ports.order() == PortRule.Order.PRESERVING;
  }

  /** Whether the next port can be told from the last. */
  boolean isPredictable() {
    return ports.order() == PortRule.Order.SEQUENTIAL && newest.isPresent();
  }

  /** Whether packets come in from any port of an address that was sent to. */
  boolean letsInByAddress() {
    return filtering == Dependence.ENDPOINT_INDEPENDENT || filtering == Dependence.ADDRESS;
  }

  /** Whether whoever is answered hears it from the address that was asked. */
  boolean answersFromThere() {
    return !translated || mapping != Dependence.ADDRESS_AND_PORT;
  }

  /** One line in the words of RFC 4787. */
  public String words() {
    return (translated ? mapping + " mapping, ports " + ports : "no translation")
        + ", "
        + filtering
        + " filtering";
  }
}
