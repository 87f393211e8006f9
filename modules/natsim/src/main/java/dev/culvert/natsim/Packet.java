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
 * @param payload the datagram, the next bytes of a stream, or for {@link Signal#TOO_BIG} the MTU
 * @param about for ICMP the packet the error is about, as the reporter saw it
 * @param tag what else its headers say
 */
public record Packet(
    Protocol protocol,
    Signal signal,
    TransportAddress source,
    TransportAddress destination,
    int ttl,
    Bytes payload,
    Optional<Packet> about,
    Tag tag) {
  /** The hop limit of hosts that choose none. */
  static final int USUAL_TTL = 64;

  private static final int IPV4_HEADER = 20;
  private static final int IPV6_HEADER = 40;
  private static final int MOST_QUOTED = 548;

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
    TIME_EXCEEDED,
    /** ICMP: it does not fit and must not be fragmented. */
    TOO_BIG
  }

  /**
   * What one seldom asks a packet.
   *
   * @param id the same all the way, whoever rewrites it; 0 before it was sent
   * @param sequence for TCP how many bytes of the stream came before
   * @param dontFragment whether routers may not fragment it
   * @param fragmentSize the size of its largest fragment, an IP packet; 0 if it is whole
   */
  public record Tag(long id, long sequence, boolean dontFragment, int fragmentSize) {
    static final Tag NONE = new Tag(0, 0, false, 0);
  }

  static Packet udp(
      TransportAddress source,
      TransportAddress destination,
      Bytes payload,
      int ttl,
      boolean dontFragment) {
    Tag tag = dontFragment ? new Tag(0, 0, true, 0) : Tag.NONE;
    return new Packet(
        Protocol.UDP, Signal.DATA, source, destination, ttl, payload, Optional.empty(), tag);
  }

  static Packet tcp(
      Signal signal,
      TransportAddress source,
      TransportAddress destination,
      Bytes payload,
      long sequence) {
    return new Packet(
        Protocol.TCP,
        signal,
        source,
        destination,
        USUAL_TTL,
        payload,
        Optional.empty(),
        new Tag(0, sequence, true, 0));
  }

  /** The error that {@code reporter} sends to the source of this packet. */
  Packet error(Signal error, TransportAddress reporter) {
    return new Packet(
        Protocol.ICMP,
        error,
        reporter,
        source,
        USUAL_TTL,
        Bytes.empty(),
        Optional.of(this),
        Tag.NONE);
  }

  /** The error that says that {@code mtu} is all that fits. */
  Packet tooBig(int mtu, TransportAddress reporter) {
    return error(Signal.TOO_BIG, reporter).carrying(Bytes.of(mtu >> 8, mtu));
  }

  /** For {@link Signal#TOO_BIG} what fits. */
  int mtu() {
    return payload.uint16(0);
  }

  /** The way back. */
  Packet reversed() {
    return from(destination).to(source);
  }

  /** A new packet between the same addresses. */
  Packet signalling(Signal newSignal) {
    return new Packet(
        protocol, newSignal, source, destination, USUAL_TTL, Bytes.empty(), about, Tag.NONE);
  }

  Packet from(TransportAddress newSource) {
    return new Packet(protocol, signal, newSource, destination, ttl, payload, about, tag);
  }

  Packet to(TransportAddress newDestination) {
    return new Packet(protocol, signal, source, newDestination, ttl, payload, about, tag);
  }

  Packet carrying(Bytes newPayload) {
    return new Packet(protocol, signal, source, destination, ttl, newPayload, about, tag);
  }

  Packet about(Packet newAbout) {
    return new Packet(
        protocol, signal, source, destination, ttl, payload, Optional.of(newAbout), tag);
  }

  Packet hopsOn(int hops) {
    return new Packet(protocol, signal, source, destination, ttl - hops, payload, about, tag);
  }

  Packet numbered(long id) {
    return tagged(new Tag(id, tag.sequence, tag.dontFragment, tag.fragmentSize));
  }

  /** Whether it travels in several packets. */
  public boolean isFragmented() {
    return tag.fragmentSize > 0;
  }

  /** In how many packets it travels. */
  public int pieces() {
    if (tag.fragmentSize == 0) {
      return 1;
    }
    int each = Math.max(8, (tag.fragmentSize - header()) & ~7);
    return (size() - header() + each - 1) / each;
  }

  /** Its length with all headers, in bytes, before it is cut into fragments. */
  public int size() {
    return header()
        + switch (protocol) {
          case UDP -> 8 + payload.length();
          case TCP -> 20 + payload.length();
          case ICMP -> 8 + Math.min(MOST_QUOTED, about.map(Packet::size).orElse(0));
        };
  }

  /**
   * This packet as it passes where {@code mtu} bytes do; empty if it does not. Streams come in
   * pieces that fit, and errors are short.
   *
   * @param atSource whether the sender itself cuts it, who may do so in IPv6 too
   */
  Optional<Packet> fit(int mtu, boolean atSource) {
    int largest = tag.fragmentSize == 0 ? size() : tag.fragmentSize;
    if (protocol != Protocol.UDP || largest <= mtu) {
      return Optional.of(this);
    }
    if (tag.dontFragment || (!source.isIpv4() && !atSource)) {
      return Optional.empty();
    }
    return Optional.of(tagged(new Tag(tag.id, tag.sequence, false, mtu)));
  }

  private Packet tagged(Tag newTag) {
    return new Packet(protocol, signal, source, destination, ttl, payload, about, newTag);
  }

  private int header() {
    return source.isIpv4() ? IPV4_HEADER : IPV6_HEADER;
  }
}
