package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads what was written with eyes of its own. */
class PcapTest {
  private static final MonotonicTime NOW = new MonotonicTime(3_000_000_007L);
  private static final TransportAddress A4 = address("192.0.2.1", 5000);
  private static final TransportAddress B4 = address("198.51.100.2", 3478);
  private static final TransportAddress A6 = address("2001:db8::1", 5000);
  private static final TransportAddress B6 = address("2001:db8::2", 3478);

  @Test
  void filesBeginWithNanosecondsAndRawIp() {
    Bytes header = Pcap.header();
    assertEquals("a1b23c4d0002000400000000000000000004000000000065", header.hex());
  }

  @Test
  void datagramsAreThoseOfTheRfcs() {
    Packet packet = Packet.udp(A4, B4, Bytes.utf8("hello"), 7, true).numbered(1);
    Bytes one = packets(packet).get(0);
    assertEquals("45000021000140000711", one.slice(0, 10).hex());
    assertEquals("c0000201c633640213880d96000d", one.slice(12, 26).hex());
    assertEquals("hello", one.slice(28).utf8());
    sound(one);
    Bytes six = packets(Packet.udp(A6, B6, Bytes.utf8("hello"), 7, false)).get(0);
    assertEquals("60000000000d1107", six.slice(0, 8).hex());
    sound(six);
  }

  @Test
  void fragmentsAddUpToTheWhole() {
    for (boolean four : new boolean[] {true, false}) {
      Bytes payload = Bytes.wrap(new byte[3001]);
      Packet whole = Packet.udp(four ? A4 : A6, four ? B4 : B6, payload, 64, false);
      Packet cut = whole.fit(1280, true).orElseThrow();
      List<Bytes> pieces = packets(cut);
      assertEquals(3, pieces.size());
      assertEquals(3, cut.pieces());
      int header = four ? 20 : 48;
      Bytes body = Bytes.empty();
      for (Bytes piece : pieces) {
        assertTrue(piece.length() <= 1280);
        int offset = four ? (piece.uint16(6) & 0x1fff) * 8 : piece.uint16(42) & ~7;
        assertEquals(body.length(), offset);
        boolean more = four ? (piece.uint16(6) & 0x2000) != 0 : (piece.uint16(42) & 1) != 0;
        body = body.concat(piece.slice(header));
        assertEquals(body.length() < 3009, more);
      }
      assertEquals(3009, body.length());
    }
  }

  @Test
  void connectionsCountTheirBytes() {
    Pcap pcap = new Pcap();
    List<Bytes> seen = new ArrayList<>();
    for (Packet packet :
        List.of(
            Packet.tcp(Signal.SYN, A4, B4, Bytes.utf8("TCP"), 0),
            Packet.tcp(Signal.SYN_ACK, B4, A4, Bytes.utf8("TCP"), 0),
            Packet.tcp(Signal.DATA, A4, B4, Bytes.wrap(new byte[2000]), 0),
            Packet.tcp(Signal.DATA, B4, A4, Bytes.utf8("ok"), 0),
            Packet.tcp(Signal.FIN, A4, B4, Bytes.empty(), 2000))) {
      seen.addAll(split(pcap.records(NOW, packet)));
    }
    List<String> read =
        seen.stream()
            .map(one -> one.int32(24) + "/" + one.int32(28) + "/" + (one.length() - 40))
            .toList();
    assertEquals(List.of("0/0/0", "0/1/0", "1/1/1400", "1401/1/600", "1/2001/2", "2001/3/0"), read);
    seen.forEach(PcapTest::sound);
  }

  @Test
  void errorsQuoteWhatTheyAreAbout() {
    for (boolean four : new boolean[] {true, false}) {
      Packet about = Packet.udp(four ? A4 : A6, four ? B4 : B6, Bytes.utf8("x"), 1, true);
      TransportAddress router = four ? address("203.0.113.1", 0) : address("2001:db8::f", 0);
      for (Signal signal :
          List.of(
              Signal.PORT_UNREACHABLE, Signal.NO_ROUTE, Signal.PROHIBITED, Signal.TIME_EXCEEDED)) {
        Bytes error = packets(about.error(signal, router)).get(0);
        sound(error);
        Bytes quoted = error.slice(four ? 28 : 48);
        assertEquals(packets(about).get(0).slice(four ? 12 : 8), quoted.slice(four ? 12 : 8));
      }
      Bytes big = packets(about.tooBig(1280, router)).get(0);
      assertEquals(four ? "0304" : "0200", big.slice(four ? 20 : 40, four ? 22 : 42).hex());
      assertEquals(1280, big.int32(four ? 24 : 44));
    }
  }

  /** Checks lengths and checksums. */
  private static void sound(Bytes one) {
    boolean four = one.at(0) >> 4 == 4;
    assertEquals(one.length(), four ? one.uint16(2) : 40 + one.uint16(4));
    int header = four ? 20 : 40;
    if (four) {
      assertEquals(0, WireBytes.checksum(one.slice(0, 20)));
    }
    Bytes body = one.slice(header);
    int protocol = one.at(four ? 9 : 6);
    Bytes pseudo =
        new WireBytes()
            .append(four ? one.slice(12, 20) : one.slice(8, 40))
            .int32(body.length())
            .int32(protocol)
            .bytes();
    assertEquals(0, WireBytes.checksum(protocol == 1 ? body : pseudo.concat(body)));
  }

  private static List<Bytes> packets(Packet packet) {
    return split(new Pcap().records(NOW, packet));
  }

  private static List<Bytes> split(Bytes records) {
    List<Bytes> packets = new ArrayList<>();
    int at = 0;
    while (at < records.length()) {
      assertEquals(3, records.int32(at));
      assertEquals(7, records.int32(at + 4));
      int length = records.int32(at + 8);
      packets.add(records.slice(at + 16, at + 16 + length));
      at += 16 + length;
    }
    return packets;
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
