package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.time.Duration;
import java.util.Optional;

/** Channel numbers that are none, channels bound twice, and ChannelData of lengths that lie. */
final class WrongChannels implements Attack {
  private static final Duration LONG = Duration.ofSeconds(60);

  @Override
  public void on(Target relay) throws Exception {
    try (RawTurn one = relay.udp();
        RawTurn other = relay.udp()) {
      TransportAddress oneAt = one.allocate();
      TransportAddress otherAt = other.allocate();
      for (int number : new int[] {0, 1, 0x3fff, 0x5000, 0x7ffe, 0x7fff, 0x8000, 0xffff}) {
        assertEquals(400, one.bind(number, otherAt), "channel " + number);
      }
      assertEquals(400, one.code(Method.CHANNEL_BIND, new ChannelNumber(0x4000)));
      assertEquals(400, one.code(Method.CHANNEL_BIND, new XorPeerAddress(otherAt)));
      TransportAddress ipv6 = new TransportAddress(relay.ipv6(), otherAt.port());
      assertEquals(443, one.bind(0x4000, ipv6));
      assertEquals(0, one.bind(0x4000, otherAt));
      assertEquals(0, one.bind(0x4000, otherAt), "again is a refresh");
      assertEquals(400, one.bind(0x4001, otherAt), "a second channel of the same peer");
      assertEquals(400, one.bind(0x4000, oneAt), "a second peer of the same channel");
      assertEquals(0, one.bind(0x4fff, oneAt), "the highest, and itself as peer");
      assertEquals(0, other.bind(0x4000, oneAt));
      one.send(0x4002, Bytes.utf8("no channel"));
      for (int claimed : new int[] {4, 5, 0xffff}) {
        one.send(Bytes.of(0x40, 0, claimed >> 8, claimed, 'l', 'i', 'e'));
      }
      one.send(Bytes.of(0x40));
      one.send(Bytes.of(0x40, 0, 0));
      one.send(Bytes.of(0x5f, 0xff, 0, 1, 'x'));
      // More than the length says is padding, and no data is data (RFC 8656 §12.4).
      one.send(Bytes.of(0x40, 0, 0, 1, 'a', 'b', 'c'));
      one.send(Bytes.of(0x40, 0, 0, 0));
      one.send(0x4000, Bytes.utf8("last"));
      for (String wanted : new String[] {"a", "", "last"}) {
        Optional<ChannelData> got = other.channelData(LONG);
        assertEquals(Optional.of(new ChannelData(0x4000, Bytes.utf8(wanted))), got);
      }
    }
    try (RawTurn ipv6 = relay.udp()) {
      ipv6.allocate(new RequestedAddressFamily(2));
      TransportAddress peer = new TransportAddress(relay.allowedPeer(), ForbiddenPeers.PORT);
      assertEquals(443, ipv6.bind(0x4000, peer));
    }
  }
}
