package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunCodecTest {
  private static final TransactionId ID = new TransactionId(0x01020304, 0x05060708090a0b0cL);
  private static final String HEADER_REST = "2112a442 0102030405060708090a0b0c";
  private static final IntegrityKey KEY = IntegrityKey.of(Bytes.utf8("key"));

  @Test
  void writesAHeaderAloneForARequestWithoutAttributes() {
    assertEquals(
        Bytes.hex("0001 0000 " + HEADER_REST),
        StunCodec.encode(StunMessage.request(Method.BINDING, ID)));
  }

  @ParameterizedTest
  @CsvSource({
    "REQUEST, 0x001, 0001",
    "INDICATION, 0x001, 0011",
    "SUCCESS_RESPONSE, 0x001, 0101",
    "ERROR_RESPONSE, 0x001, 0111",
    "REQUEST, 0xfff, 3eef",
    "ERROR_RESPONSE, 0xfff, 3fff",
    "INDICATION, 0x080, 0210",
    "SUCCESS_RESPONSE, 0x00a, 010a",
  })
  void interleavesMethodAndClass(MessageClass messageClass, String method, String type) {
    StunMessage message =
        new StunMessage(messageClass, new Method(Integer.decode(method)), ID, List.of());
    Bytes wire = StunCodec.encode(message);
    assertEquals(Bytes.hex(type), wire.slice(0, 2));
    assertEquals(message, decode(wire).message());
  }

  @Test
  void padsWithZerosAndReadsOverWhateverThePaddingHolds() {
    StunMessage message = StunMessage.request(Method.BINDING, ID, new Software("abcde"));
    Bytes wire = StunCodec.encode(message);
    assertEquals(Bytes.hex("0001 000c " + HEADER_REST + "8022 0005 6162636465 000000"), wire);
    Bytes dirty = wire.slice(0, 29).concat(Bytes.of(1, 2, 3));
    assertEquals(message, decode(dirty).message());
  }

  @Test
  void theFirstOfSeveralCountsAndAllCanBeHad() {
    StunMessage message =
        StunMessage.request(
            Method.CREATE_PERMISSION,
            ID,
            new XorPeerAddress(address("192.0.2.1", 1)),
            new Software("x"),
            new XorPeerAddress(address("192.0.2.2", 2)));
    StunMessage read = decode(StunCodec.encode(message)).message();
    assertEquals(message, read);
    assertEquals(
        Optional.of(new XorPeerAddress(address("192.0.2.1", 1))), read.first(XorPeerAddress.class));
    assertEquals(2, read.all(XorPeerAddress.class).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0001 0000 2112a442 0102030405060708090a0b",
        "0001 0000 2112a443 0102030405060708090a0b0c",
        "4001 0000 2112a442 0102030405060708090a0b0c",
        "8001 0000 2112a442 0102030405060708090a0b0c",
        "474554202f20485454502f312e310d0a0d0a0d0a0d0a",
      })
  void tellsOtherProtocolsFromBrokenStun(String hex) {
    assertInstanceOf(DecodeResult.NotStun.class, StunCodec.decode(Bytes.hex(hex)));
  }

  @ParameterizedTest
  @CsvSource({
    // The header promises more, less, or no multiple of four.
    "0001 0004 H, 'the header says 4 bytes of attributes where 0 follow'",
    "0001 0000 H 8022 0000, 'the header says 0 bytes of attributes where 4 follow'",
    "0001 0001 H 00, 'the length is no multiple of four'",
    // An attribute reaches past the end, with its value or its padding.
    "0001 0008 H 8022 0005 61626364, 'SOFTWARE reaches past the end of the message'",
    "0001 0004 H 0020 ffff, 'XOR-MAPPED-ADDRESS reaches past the end of the message'",
    // Values that cannot be.
    "0001 0008 H 0003 0003 00000000, 'CHANGE-REQUEST has a value that it cannot have'",
    "0101 0008 H 0020 0004 00010000, 'XOR-MAPPED-ADDRESS has a value that it cannot have'",
    "0101 000c H 0020 0008 0003000000000000, 'XOR-MAPPED-ADDRESS has a value that it cannot have'",
    "0111 0008 H 0009 0004 00000200, 'ERROR-CODE has a value that it cannot have'",
    "0111 0008 H 0009 0004 00000464, 'ERROR-CODE has a value that it cannot have'",
    "0001 0008 H 0006 0002 c3280000, 'USERNAME has a value that it cannot have'",
    "0001 0008 H 000a 0003 00010000, 'UNKNOWN-ATTRIBUTES has a value that it cannot have'",
    "0001 0008 H 0008 0004 00000000, 'MESSAGE-INTEGRITY has a value that it cannot have'",
    // A fingerprint that is wrong, too short, or not at the end.
    "0001 0008 H 8028 0004 00000000, 'FINGERPRINT does not match the message'",
    "0001 0008 H 8028 0003 00000000, 'FINGERPRINT does not match the message'",
    "0001 000c H 8028 0004 00000000 8022 0000, 'FINGERPRINT is not the last attribute'",
  })
  void saysWhatIsWrong(String hex, String reason) {
    DecodeResult result = StunCodec.decode(Bytes.hex(hex.replace("H", HEADER_REST)));
    assertEquals(new DecodeResult.Malformed(reason), result);
  }

  @Test
  void keepsOptionalAttributesWithImpossibleValuesAside() {
    StunMessage read = decode(message("0001 0008", "802b 0004 00010000")).message();
    assertEquals(List.of(new UnknownAttribute(0x802b, Bytes.hex("00010000"))), read.attributes());
    assertEquals(List.of(), read.unknownRequired());
  }

  @Test
  void namesUnknownRequiredAttributesOnce() {
    StunMessage read =
        decode(message("0001 0014", "7ffe 0000 c123 0000 7ffe 0000 0031 0000 8fff 0000")).message();
    assertEquals(List.of(0x7ffe, 0x0031), read.unknownRequired());
    StunMessage turn = StunMessage.request(Method.BINDING, ID, new Priority(1), new Software(""));
    assertEquals(List.of(0x0024), turn.requiredOutside(Set.of(0x0006)));
  }

  @Test
  void ignoresWhatFollowsTheIntegrityAttributes() {
    StunMessage said = StunMessage.request(Method.BINDING, ID, new Username("a"));
    Bytes sealed = StunCodec.encode(said, Protection.both(KEY));
    // An unknown required attribute, a second name, and both integrity attributes again, all
    // forged.
    Bytes added =
        Bytes.hex("7ffe 0000 0006 0001 62000000")
            .concat(Bytes.hex("0008 0014" + "00".repeat(20)))
            .concat(Bytes.hex("001c 0010" + "00".repeat(16)));
    StunPacket read = decode(withLength(sealed.concat(added)));
    assertEquals(Optional.of(new Username("a")), read.message().first(Username.class));
    assertEquals(List.of(), read.message().unknownRequired());
    assertEquals(3, read.message().attributes().size());
    assertTrue(read.isProvenBy(KEY));
  }

  @Test
  void ignoresMessageIntegrityAfterTheSha256One() {
    Bytes sealed =
        StunCodec.encode(StunMessage.request(Method.BINDING, ID), Protection.sha256(KEY));
    StunPacket read = decode(withLength(sealed.concat(Bytes.hex("0008 0014" + "00".repeat(20)))));
    assertFalse(read.message().has(MessageIntegrity.class));
    assertTrue(read.isProvenBy(KEY));
  }

  @Test
  void addsProtectionInOrderAndProvesIt() {
    StunMessage said = StunMessage.request(Method.BINDING, ID, new Software("odd"));
    Bytes wire = StunCodec.encode(said, Protection.both(KEY).withFingerprint());
    StunPacket read = decode(wire);
    assertEquals(said, read.message().withoutProtection());
    assertEquals(
        List.of(
            Software.class,
            MessageIntegrity.class,
            MessageIntegritySha256.class,
            Fingerprint.class),
        read.message().attributes().stream().map(Attribute::getClass).toList());
    assertEquals(Optional.of(IntegrityAlgorithm.SHA256), read.integrity());
    assertTrue(read.hasFingerprint());
    assertTrue(read.isProvenBy(KEY));
    assertFalse(read.isProvenBy(IntegrityKey.of(Bytes.utf8("kex"))));
    assertEquals(wire, StunCodec.encode(read.message()));
    assertThrows(
        IllegalArgumentException.class,
        () -> StunCodec.encode(read.message(), Protection.sha1(KEY)));
  }

  @Test
  void anyFlippedBitBreaksTheProof() {
    StunMessage said = StunMessage.request(Method.BINDING, ID, new Software("odd"));
    for (Protection protection : List.of(Protection.sha1(KEY), Protection.sha256(KEY))) {
      Bytes wire = StunCodec.encode(said, protection);
      for (int bit = 0; bit < 8 * wire.length(); bit++) {
        byte[] flipped = wire.toByteArray();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        Optional<StunPacket> read = StunCodec.decode(Bytes.wrap(flipped)).packet();
        assertFalse(read.isPresent() && read.get().isProvenBy(KEY), "bit " + bit);
      }
    }
  }

  @Test
  void takesTruncatedSha256OnlyWhereTheUsageDoes() {
    Bytes wire =
        StunCodec.encode(
            StunMessage.request(Method.BINDING, ID), Protection.sha256(KEY).truncatedTo(16));
    StunPacket read = decode(wire);
    assertEquals(20 + 4 + 16, wire.length());
    assertFalse(read.isProvenBy(KEY));
    assertFalse(read.isProvenBy(KEY, 20));
    assertTrue(read.isProvenBy(KEY, 16));
    assertThrows(IllegalArgumentException.class, () -> read.isProvenBy(KEY, 12));
    assertThrows(IllegalArgumentException.class, () -> Protection.sha256(KEY).truncatedTo(18));
  }

  @Test
  void carriesTheLongestMessageAndNoLonger() {
    StunMessage longest = StunMessage.indication(Method.SEND, ID, data(65528));
    assertEquals(longest, decode(StunCodec.encode(longest)).message());
    assertThrows(
        IllegalArgumentException.class,
        () -> StunCodec.encode(StunMessage.indication(Method.SEND, ID, data(65529))));
    assertThrows(
        IllegalArgumentException.class,
        () -> StunCodec.encode(longest, Protection.none().withFingerprint()));
  }

  @Test
  void answersCarryMethodAndTransactionOfTheRequest() {
    StunMessage request = StunMessage.request(Method.ALLOCATE, ID, new Software("x"));
    assertEquals(
        new StunMessage(
            MessageClass.ERROR_RESPONSE,
            Method.ALLOCATE,
            ID,
            List.of(new ErrorCode(437, "Allocation Mismatch"), new Software("y"))),
        request.errorResponse(437, new Software("y")));
    assertEquals(
        List.of(new MappedAddress(address("::1", 7))),
        request.successResponse(new MappedAddress(address("::1", 7))).attributes());
  }

  @Test
  void takesMappedIpv4ForIpv4() {
    StunMessage read =
        decode(message("0101 0018", "0001 0014 00020007 00000000000000000000ffffc0000201"))
            .message();
    assertEquals(
        Optional.of(address("192.0.2.1", 7)),
        read.first(MappedAddress.class).map(MappedAddress::address));
    assertFalse(read.has(XorMappedAddress.class));
  }

  private static Data data(int length) {
    return new Data(Bytes.wrap(new byte[length]));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  private static Bytes message(String start, String attributes) {
    return Bytes.hex(start + HEADER_REST + attributes);
  }

  /** Corrects the length in the header, as somebody on the path would. */
  private static Bytes withLength(Bytes wire) {
    byte[] array = wire.toByteArray();
    array[2] = (byte) ((array.length - 20) >> 8);
    array[3] = (byte) (array.length - 20);
    return Bytes.wrap(array);
  }

  private static StunPacket decode(Bytes wire) {
    DecodeResult result = StunCodec.decode(wire);
    return result.packet().orElseThrow(() -> new AssertionError(result.toString()));
  }
}
