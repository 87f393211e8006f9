package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RfcVectorsTest {
  private static final IntegrityKey SHORT_TERM =
      IntegrityKey.shortTerm(Vectors.SHORT_TERM_PASSWORD);

  @Test
  void request() {
    StunPacket packet = decode(Vectors.REQUEST);
    assertEquals(
        StunMessage.request(
            Method.BINDING,
            TransactionId.of(Bytes.hex("b7e7a701bc34d686fa87dfae")),
            new Software("STUN test client"),
            new Priority(0x6e0001ffL),
            new IceControlled(0x932ff9b151263b36L),
            new Username("evtj:h6vY")),
        packet.message().withoutProtection());
    assertEquals(
        Optional.of(new MessageIntegrity(Bytes.hex("9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"))),
        packet.message().first(MessageIntegrity.class));
    assertEquals(
        Optional.of(new Fingerprint(0xe57a3bcf)), packet.message().first(Fingerprint.class));
    assertTrue(packet.isProvenBy(SHORT_TERM));
  }

  @Test
  void ipv4Response() {
    assertResponse(Vectors.IPV4_RESPONSE, "192.0.2.1", "2b91f599fd9e90c38c7489f92af9ba53f06be7d7");
  }

  @Test
  void ipv6Response() {
    assertResponse(
        Vectors.IPV6_RESPONSE,
        "2001:db8:1234:5678:11:2233:4455:6677",
        "a382954e4be67bf11784c97c8292c275bfe3ed41");
  }

  private static void assertResponse(Bytes wire, String ip, String hmac) {
    StunPacket packet = decode(wire);
    assertEquals(
        new StunMessage(
            MessageClass.SUCCESS_RESPONSE,
            Method.BINDING,
            TransactionId.of(Bytes.hex("b7e7a701bc34d686fa87dfae")),
            List.of(
                new Software("test vector"),
                new XorMappedAddress(
                    new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 32853)))),
        packet.message().withoutProtection());
    assertEquals(
        Optional.of(new MessageIntegrity(Bytes.hex(hmac))),
        packet.message().first(MessageIntegrity.class));
    assertTrue(packet.hasFingerprint());
    assertTrue(packet.isProvenBy(SHORT_TERM));
  }

  /**
   * The vector's password was prepared by SASLprep (RFC 5389). OpaqueString forbids its U+00AD, so
   * the prepared form is the one to start from.
   */
  @Test
  void longTermRequest() {
    StunPacket packet = decode(Vectors.LONG_TERM_REQUEST);
    StunMessage said =
        StunMessage.request(
            Method.BINDING,
            TransactionId.of(Bytes.hex("78ad3433c6ad72c029da412e")),
            new Username(Vectors.USERNAME),
            new Nonce("f//499k954d6OL34oL9FSTvy64sA"),
            new Realm(Vectors.REALM));
    assertEquals(said, packet.message().withoutProtection());
    LongTermCredential credential =
        new LongTermCredential(Vectors.USERNAME, Vectors.PREPARED_PASSWORD);
    IntegrityKey key = credential.key(PasswordAlgorithm.MD5, Vectors.REALM);
    assertTrue(packet.isProvenBy(key));
    assertFalse(packet.isProvenBy(credential.key(PasswordAlgorithm.SHA_256, Vectors.REALM)));
    assertEquals(Vectors.LONG_TERM_REQUEST, StunCodec.encode(said, Protection.sha1(key)));
  }

  @Test
  void requestWithSha256AndUserHash() {
    StunPacket packet = decode(Vectors.SHA256_REQUEST);
    LongTermCredential credential =
        new LongTermCredential(Vectors.USERNAME, Vectors.PREPARED_PASSWORD);
    StunMessage said =
        StunMessage.request(
            Method.BINDING,
            TransactionId.of(Bytes.hex("78ad3433c6ad72c029da412e")),
            credential.hashAttribute(Vectors.REALM),
            new Nonce("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"),
            new Realm(Vectors.REALM),
            PasswordAlgorithm.of(PasswordAlgorithm.SHA_256));
    assertEquals(said, packet.message().withoutProtection());
    assertTrue(packet.message().has(MessageIntegritySha256.class));
    IntegrityKey key = credential.key(PasswordAlgorithm.SHA_256, Vectors.REALM);
    assertTrue(packet.isProvenBy(key));
    assertEquals(Vectors.SHA256_REQUEST, StunCodec.encode(said, Protection.sha256(key)));
  }

  /** RFC 8489 §9.2.2. */
  @Test
  void longTermKey() {
    assertEquals(
        IntegrityKey.of(Bytes.hex("8493fbc53ba582fb4c044c456bdc40eb")),
        IntegrityKey.longTerm(PasswordAlgorithm.MD5, "user", "realm", "pass"));
    assertEquals(
        IntegrityKey.longTerm(PasswordAlgorithm.MD5, "user", "realm", "pass"),
        IntegrityKey.longTerm(PasswordAlgorithm.MD5, "user", "\"realm\"\0", "pass"));
  }

  private static StunPacket decode(Bytes wire) {
    DecodeResult result = StunCodec.decode(wire);
    return result.packet().orElseThrow(() -> new AssertionError(result.toString()));
  }
}
