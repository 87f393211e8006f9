package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PunchPacketFuzzTest {
  private static final PunchSecret SECRET = PunchSecret.of(Bytes.utf8("sixteen bytes or more"), 0);

  /** Whatever comes, it is a packet that says what it said or nothing at all. */
  @FuzzTest(maxDuration = "25s")
  void decodes(byte[] data) {
    Bytes wire = Bytes.copyOf(data);
    Optional<PunchPacket> packet = PunchPacket.decode(wire, SECRET);
    assertTrue(packet.isEmpty() || PunchPacket.tagOf(wire).isPresent());
    packet.ifPresent(one -> assertEquals(packet, PunchPacket.decode(one.encode(SECRET), SECRET)));
  }

  @Test
  void saysWhatItSaid() {
    for (String ip : new String[] {"192.0.2.7", "2001:db8::7"}) {
      TransportAddress address = new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 40_001);
      int length = 0;
      for (int flags = 0; flags < 8; flags++) {
        PunchPacket packet =
            new PunchPacket(
                (flags & 1) != 0,
                new TransactionId(flags, 7),
                (flags & 2) != 0,
                (flags & 4) != 0,
                address);
        Bytes wire = packet.encode(SECRET);
        assertEquals(Optional.of(packet), PunchPacket.decode(wire, SECRET));
        assertEquals(SECRET.tag(), PunchMachine.tagOf(wire).orElseThrow());
        assertTrue(wire.at(0) < 4, "STUN by its first byte (RFC 7983)");
        assertTrue(length == 0 || length == wire.length());
        length = wire.length();
      }
      assertEquals(ip.equals("192.0.2.7") ? 76 : 88, length);
    }
  }
}
