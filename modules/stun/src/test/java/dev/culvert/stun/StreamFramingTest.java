package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.attribute.Software;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamFramingTest {
  private static final Bytes SHORT = message("");
  private static final Bytes LONG = message("a description of some length");
  private static final Bytes CHANNEL_DATA = Bytes.hex("4001 0005 0102030405");
  private static final Bytes ALL =
      SHORT
          .concat(LONG)
          .concat(CHANNEL_DATA)
          .concat(Bytes.hex("000000"))
          .concat(Bytes.hex("4fff 0000"))
          .concat(SHORT);
  private static final List<Bytes> PARTS =
      List.of(SHORT, LONG, CHANNEL_DATA, Bytes.hex("4fff 0000"), SHORT);

  @Test
  void cutsTheSameHoweverThePiecesFall() {
    for (int size = 1; size <= ALL.length(); size++) {
      StreamFraming framing = new StreamFraming(true, 65_555);
      List<Bytes> complete = new ArrayList<>();
      for (int at = 0; at < ALL.length(); at += size) {
        complete.addAll(framing.feed(ALL.slice(at, Math.min(at + size, ALL.length()))));
      }
      assertEquals(PARTS, complete, "pieces of " + size);
      assertTrue(framing.isAtBoundary());
      assertEquals(Optional.empty(), framing.fault());
    }
  }

  @Test
  void waitsForTheEnd() {
    StreamFraming framing = new StreamFraming(false, 65_555);
    assertEquals(List.of(), framing.feed(LONG.slice(0, LONG.length() - 1)));
    assertFalse(framing.isAtBoundary());
    assertEquals(List.of(LONG), framing.feed(LONG.slice(LONG.length() - 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "c0",
        "474554202f",
        "0001 0001",
        "0001 0000 2112a441",
        "1603010100010000",
      })
  void givesUpOnAnotherProtocolAtOnce(String hex) {
    StreamFraming framing = new StreamFraming(false, 65_555);
    assertEquals(List.of(SHORT), framing.feed(SHORT.concat(Bytes.hex(hex))));
    assertTrue(framing.fault().isPresent());
    assertEquals(List.of(), framing.feed(SHORT));
  }

  @Test
  void takesChannelDataOnlyWhereItBelongs() {
    StreamFraming framing = new StreamFraming(false, 65_555);
    assertEquals(List.of(), framing.feed(CHANNEL_DATA));
    assertEquals(Optional.of("a message that begins with byte 64 is not STUN"), framing.fault());
  }

  @Test
  void isBounded() {
    StreamFraming framing = new StreamFraming(true, 40);
    assertEquals(List.of(SHORT), framing.feed(SHORT.concat(LONG.slice(0, 8))));
    assertEquals(Optional.of("a message of 52 bytes where 40 is the most"), framing.fault());
    assertThrows(IllegalArgumentException.class, () -> new StreamFraming(true, 19));
  }

  private static Bytes message(String software) {
    StunMessage message = StunMessage.request(Method.BINDING, new TransactionId(1, 2));
    return StunCodec.encode(software.isEmpty() ? message : message.with(new Software(software)));
  }
}
