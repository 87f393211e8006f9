package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A packet as bytes: IPv4 (RFC 791) or IPv6 (RFC 8200) with UDP, TCP, ICMP or ICMPv6 in it. */
final class WireFormat {
  private static final int UDP = 17;
  private static final int TCP = 6;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int FRAGMENT = 44;
  private static final int WINDOW = 0xffff;
  private static final int MOST_QUOTED = 548;

  private final Packet packet;
  private final boolean four;
  private final long sequence;
  private final long acknowledged;

  WireFormat(Packet packet, long sequence, long acknowledged) {
    this.packet = packet;
    this.four = packet.source().isIpv4();
    this.sequence = sequence;
    this.acknowledged = acknowledged;
  }

  /** The packet, or its fragments. */
  List<Bytes> packets(int identification) {
    Bytes body = body();
    if (!packet.isFragmented()) {
      return List.of(ip(body, identification, 0, false).concat(body));
    }
    int header = four ? 20 : 48;
    int each = Math.max(8, (packet.tag().fragmentSize() - header) & ~7);
    List<Bytes> fragments = new ArrayList<>();
    for (int at = 0; at < body.length(); at += each) {
      Bytes piece = body.slice(at, Math.min(at + each, body.length()));
      boolean more = at + each < body.length();
      fragments.add(ip(piece, identification, at, more).concat(piece));
    }
    return fragments;
  }

  private Bytes ip(Bytes body, int identification, int offset, boolean more) {
    return four
        ? ipv4(body, identification, offset, more)
        : ipv6(body, identification, offset, more);
  }

  private Bytes ipv4(Bytes body, int identification, int offset, boolean more) {
    int flags = (packet.tag().dontFragment() ? 0x4000 : 0) | (more ? 0x2000 : 0) | offset / 8;
    Bytes front =
        new WireBytes()
            .int16(0x4500)
            .int16(20 + body.length())
            .int16(identification)
            .int16(flags)
            .int8(packet.ttl())
            .int8(protocol())
            .bytes();
    Bytes back = addresses();
    int checksum = WireBytes.checksum(front.concat(back));
    return new WireBytes().append(front).int16(checksum).append(back).bytes();
  }

  private Bytes ipv6(Bytes body, int identification, int offset, boolean more) {
    boolean cut = packet.isFragmented();
    WireBytes out =
        new WireBytes()
            .int32(0x6000_0000)
            .int16(body.length() + (cut ? 8 : 0))
            .int8(cut ? FRAGMENT : protocol())
            .int8(packet.ttl())
            .append(addresses());
    if (cut) {
      out.int8(protocol()).int8(0).int16(offset | (more ? 1 : 0)).int32(identification);
    }
    return out.bytes();
  }

  private Bytes addresses() {
    return Bytes.wrap(packet.source().ip().getAddress())
        .concat(Bytes.wrap(packet.destination().ip().getAddress()));
  }

  private int protocol() {
    return switch (packet.protocol()) {
      case UDP -> UDP;
      case TCP -> TCP;
      case ICMP -> four ? ICMP : ICMPV6;
    };
  }

  private Bytes body() {
    return switch (packet.protocol()) {
      case UDP -> udp();
      case TCP -> tcp();
      case ICMP -> icmp();
    };
  }

  private Bytes udp() {
    Bytes front =
        new WireBytes()
            .int16(packet.source().port())
            .int16(packet.destination().port())
            .int16(8 + packet.payload().length())
            .bytes();
    int checksum = checksum(front.concat(Bytes.of(0, 0)).concat(packet.payload()), true);
    // RFC 768: what comes out as zero is sent as ones.
    int sent = checksum == 0 ? 0xffff : checksum;
    return new WireBytes().append(front).int16(sent).append(packet.payload()).bytes();
  }

  private Bytes tcp() {
    int flags =
        switch (packet.signal()) {
          case SYN -> 0x02;
          case SYN_ACK -> 0x12;
          case FIN -> 0x11;
          case RST -> 0x14;
          default -> 0x18;
        };
    Bytes front =
        new WireBytes()
            .int16(packet.source().port())
            .int16(packet.destination().port())
            .int32((int) sequence)
            .int32(packet.signal() == Packet.Signal.SYN ? 0 : (int) acknowledged)
            .int8(0x50)
            .int8(flags)
            .int16(WINDOW)
            .bytes();
    Bytes data = packet.signal() == Packet.Signal.DATA ? packet.payload() : Bytes.empty();
    int checksum = checksum(front.concat(Bytes.of(0, 0, 0, 0)).concat(data), true);
    return new WireBytes().append(front).int16(checksum).int16(0).append(data).bytes();
  }

  /** RFC 792 and RFC 4443. */
  private Bytes icmp() {
    int typeAndCode =
        switch (packet.signal()) {
          case PORT_UNREACHABLE -> four ? 0x0303 : 0x0104;
          case NO_ROUTE -> four ? 0x0300 : 0x0100;
          case PROHIBITED -> four ? 0x030d : 0x0101;
          case TIME_EXCEEDED -> four ? 0x0b00 : 0x0300;
          case TOO_BIG -> four ? 0x0304 : 0x0200;
          default -> throw new AssertionError(packet);
        };
    int mtu = packet.signal() == Packet.Signal.TOO_BIG ? packet.mtu() : 0;
    Bytes quoted =
        packet.about().map(about -> new WireFormat(about, 0, 0).whole()).orElse(Bytes.empty());
    Bytes rest =
        new WireBytes()
            .int32(mtu)
            .append(quoted.slice(0, Math.min(MOST_QUOTED, quoted.length())))
            .bytes();
    Bytes zeroed = new WireBytes().int16(typeAndCode).int16(0).append(rest).bytes();
    int checksum = checksum(zeroed, !four);
    return new WireBytes().int16(typeAndCode).int16(checksum).append(rest).bytes();
  }

  private Bytes whole() {
    return packets(0).get(0);
  }

  private int checksum(Bytes body, boolean withPseudoHeader) {
    if (!withPseudoHeader) {
      return WireBytes.checksum(body);
    }
    Bytes pseudo =
        new WireBytes().append(addresses()).int32(body.length()).int32(protocol()).bytes();
    return WireBytes.checksum(pseudo.concat(body));
  }
}
