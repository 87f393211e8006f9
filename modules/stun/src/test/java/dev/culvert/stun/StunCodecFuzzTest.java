package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.Username;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

class StunCodecFuzzTest {
  private static final IntegrityKey KEY = IntegrityKey.of(Bytes.utf8("key"));

  /** Never throws, and what was read is read again from what is written. */
  @FuzzTest(maxDuration = "25s")
  void decodes(byte[] data) {
    Bytes wire = Bytes.copyOf(data);
    Optional<StunPacket> packet = StunCodec.decode(wire).packet();
    if (packet.isEmpty()) {
      return;
    }
    boolean proven = packet.get().isProvenBy(KEY, 16);
    StunMessage message = packet.get().message().withoutProtection();
    if (!hasNameTooLongToSend(message)) {
      assertEquals(Optional.of(message), read(StunCodec.encode(message)));
      Bytes sealed = StunCodec.encode(message.with(), Protection.sha1(KEY));
      assertEquals(true, StunCodec.decode(sealed).packet().orElseThrow().isProvenBy(KEY));
    }
    assertEquals(
        false, proven && packet.get().integrity().isEmpty(), "proven without any attribute");
  }

  /** Names of up to 763 bytes are read, of up to 508 sent (RFC 8489 §14.3). */
  private static boolean hasNameTooLongToSend(StunMessage message) {
    return message.all(Username.class).stream()
        .anyMatch(name -> name.name().getBytes(StandardCharsets.UTF_8).length > 508);
  }

  private static Optional<StunMessage> read(Bytes wire) {
    return StunCodec.decode(wire).packet().map(StunPacket::message);
  }
}
