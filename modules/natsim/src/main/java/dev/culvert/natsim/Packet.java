package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * An IP packet on its way.
 *
 * @param protocol what it carries
 * @param signal what it means
 * @param source where it seems to come from
 * @param destination where it goes to
 * @param ttl how many more routers may pass it on
 * @param payload the datagram, or the next bytes of a stream
 * @param about for ICMP the packet the error is about, as the reporter saw it
 */
public record Packet(
    Protocol protocol,
    Signal signal,
    TransportAddress source,
    TransportAddress destination,
    int ttl,
    Bytes payload,
    Optional<Packet> about) {
  /** The hop limit of hosts that choose none. */
  static final int USUAL_TTL = 64;

  /** Larger datagrams travel in fragments: an Ethernet's 1500 bytes less IPv4 and UDP headers. */
  static final int WHOLE = 1472;

  /** What a packet means to the stack that gets it. */
  public enum Signal {
    /** Bytes for the application. */
    DATA,
    /** TCP: open. */
    SYN,
    /** TCP: opened. */
    SYN_ACK,
    /** TCP: done. */
    FIN,
    /** TCP: nobody listens, or it was cut. */
    RST,
    /** ICMP: nobody listens there. */
    PORT_UNREACHABLE,
    /** ICMP: no way leads there. */
    NO_ROUTE,
    /** ICMP: a firewall forbids it. */
    PROHIBITED,
    /** ICMP: the hop limit was used up. */
    TIME_EXCEEDED
  }

  static Packet udp(TransportAddress source, TransportAddress destination, Bytes payload, int ttl) {
    return new Packet(
        Protocol.UDP, Signal.DATA, source, destination, ttl, payload, Optional.empty());
  }

  static Packet tcp(
      Signal signal, TransportAddress source, TransportAddress destination, Bytes payload) {
    return new Packet(
        Protocol.TCP, signal, source, destination, USUAL_TTL, payload, Optional.empty());
  }

  /** The error that {@code reporter} sends to the source of this packet. */
  Packet error(Signal signal, TransportAddress reporter) {
    return new Packet(
        Protocol.ICMP, signal, reporter, source, USUAL_TTL, Bytes.empty(), Optional.of(this));
  }

  /** The way back. */
  Packet reversed() {
    return from(destination).to(source);
  }

  Packet signalling(Signal newSignal) {
    return new Packet(protocol, newSignal, source, destination, USUAL_TTL, Bytes.empty(), about);
  }

  Packet from(TransportAddress newSource) {
    return new Packet(protocol, signal, newSource, destination, ttl, payload, about);
  }

  Packet to(TransportAddress newDestination) {
    return new Packet(protocol, signal, source, newDestination, ttl, payload, about);
  }

  Packet carrying(Bytes newPayload) {
    return new Packet(protocol, signal, source, destination, ttl, newPayload, about);
  }

  Packet about(Packet newAbout) {
    return new Packet(protocol, signal, source, destination, ttl, payload, Optional.of(newAbout));
  }

  Packet oneHopOn() {
    return new Packet(protocol, signal, source, destination, ttl - 1, payload, about);
  }

  boolean isFragmented() {
    return payload.length() > WHOLE;
  }
}
