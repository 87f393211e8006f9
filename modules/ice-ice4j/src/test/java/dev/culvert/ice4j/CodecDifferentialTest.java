package dev.culvert.ice4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.Username;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.ice4j.attribute.AttributeFactory;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.attribute.FingerprintAttribute;
import org.ice4j.attribute.MessageIntegrityAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.security.CredentialsAuthority;
import org.ice4j.stack.StunStack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Our STUN codec against ice4j's: what one writes, the other reads as the same. */
class CodecDifferentialTest {
  private static final int MESSAGES = 3000;
  private static final String PASSWORD = "a password of both";
  private static final IntegrityKey KEY = IntegrityKey.shortTerm(PASSWORD);

  private final StunStack stack = new StunStack();

  CodecDifferentialTest() {
    stack.getCredentialsManager().registerAuthority(new OnePassword());
  }

  /** There is loopback at most, and ice4j was told not to ask the cloud before it loaded. */
  @BeforeAll
  static void nothingCanLeave() throws IOException {
    assertEquals("false", System.getProperty("ice4j.harvest.mapping.aws.enabled"));
    assertEquals(1, Files.readAllLines(Path.of("/proc/net/route")).size(), "there is a route");
    List<String> interfaces = Files.readAllLines(Path.of("/proc/net/dev"));
    assertTrue(
        interfaces.stream().skip(2).allMatch(line -> line.strip().startsWith("lo:")),
        interfaces.toString());
  }

  @AfterEach
  void shutDown() {
    stack.shutDown();
  }

  private static final class OnePassword implements CredentialsAuthority {
    @Override
    public byte[] getLocalKey(String username) {
      return Bytes.utf8(PASSWORD).toByteArray();
    }

    @Override
    public byte[] getRemoteKey(String username, String media) {
      return Bytes.utf8(PASSWORD).toByteArray();
    }

    @Override
    public boolean checkLocalUserName(String username) {
      return true;
    }
  }

  @Test
  void ice4jReadsWhatWeWrite() throws Exception {
    for (int seed = 0; seed < MESSAGES; seed++) {
      StunMessage ours = Samples.message(new Random(seed));
      Bytes wire = StunCodec.encode(ours);
      Message theirs = Message.decode(wire.toByteArray(), 0, wire.length());
      String context = "seed " + seed + ": " + ours;
      assertEquals(wire.uint16(0), (int) theirs.getMessageType(), context);
      assertArrayEquals(ours.transactionId().bytes().toByteArray(), theirs.getTransactionID());
      assertEquals(ours.attributes().size(), theirs.getAttributeCount(), context);
      for (Attribute attribute : ours.attributes()) {
        assertSame(attribute, ours.transactionId(), theirs, context);
      }
    }
  }

  private static void assertSame(
      Attribute ours, TransactionId id, Message message, String context) {
    org.ice4j.attribute.Attribute theirs = message.getAttribute((char) ours.type());
    assertNotNull(theirs, context);
    Bytes value = ours.value(id);
    assertEquals(value.length(), (int) theirs.getDataLength(), context);
    Bytes written = Bytes.wrap(theirs.encode());
    assertEquals(ours.type(), written.uint16(0), context);
    assertEquals(value.length(), written.uint16(2), context);
    assertEquals(value, written.slice(4, 4 + value.length()), context);
    Ice4jAddresses.of(theirs, id.bytes().toByteArray())
        .ifPresent(address -> assertEquals(Samples.addressOf(ours), Optional.of(address), context));
  }

  @Test
  void weReadWhatIce4jWrites() throws Exception {
    for (int seed = 0; seed < MESSAGES; seed++) {
      StunMessage wanted = Samples.message(new Random(seed));
      Bytes source = StunCodec.encode(wanted);
      Message theirs = Message.decode(source.toByteArray(), 0, source.length());
      Bytes wire = Bytes.copyOf(theirs.encode(stack));
      StunMessage read = decode(wire).message();
      // ice4j names itself in every message without a SOFTWARE of its own.
      StunMessage expected =
          wanted.has(Software.class)
              ? wanted
              : wanted.with(read.first(Software.class).orElseThrow());
      assertEquals(expected, read, "seed " + seed);
    }
  }

  @Test
  void weReadWhatIce4jsFactoriesMake() throws Exception {
    for (int seed = 0; seed < MESSAGES; seed++) {
      Random random = new Random(seed);
      TransactionId id = TransactionId.random(random);
      byte[] rawId = id.bytes().toByteArray();
      TransportAddress address = Samples.address(random);
      org.ice4j.TransportAddress theirAddress =
          new org.ice4j.TransportAddress(address.ip(), address.port(), org.ice4j.Transport.UDP);
      Message[] messages = {
        MessageFactory.createBindingRequest(random.nextInt(Integer.MAX_VALUE)),
        MessageFactory.createAllocateRequest((byte) 17, random.nextBoolean()),
        MessageFactory.createRefreshRequest(random.nextInt(Integer.MAX_VALUE)),
        MessageFactory.createCreatePermissionRequest(theirAddress, rawId),
        MessageFactory.createChannelBindRequest((char) 0x4001, theirAddress, rawId),
        MessageFactory.createSendIndication(theirAddress, new byte[random.nextInt(9)], rawId),
        MessageFactory.createBindingErrorResponseUnknownAttributes(new char[] {0x7777, 0x0002}),
        MessageFactory.createAllocationErrorResponse((char) 437),
      };
      for (Message message : messages) {
        message.setTransactionID(rawId);
        Bytes wire = Bytes.copyOf(message.encode(stack));
        StunMessage read = decode(wire).message();
        assertEquals(id, read.transactionId());
        assertEquals((int) message.getMessageType(), wire.uint16(0));
        assertEquals(message.getAttributeCount(), read.attributes().size(), "seed " + seed);
        assertEquals(List.of(), read.unknownRequired(), "seed " + seed);
        for (Attribute attribute : read.attributes()) {
          if (!(attribute instanceof ErrorCode)) {
            assertSame(attribute, id, message, "seed " + seed);
          }
        }
        assertSameError(read, message);
      }
    }
  }

  /** Its reasons are longer than RFC 8489 §14.8 allows, and we cut them. */
  private static void assertSameError(StunMessage read, Message message) {
    org.ice4j.attribute.Attribute theirs =
        message.getAttribute(org.ice4j.attribute.Attribute.ERROR_CODE);
    assertEquals(theirs != null, read.error().isPresent());
    if (theirs != null) {
      ErrorCodeAttribute error = assertInstanceOf(ErrorCodeAttribute.class, theirs);
      assertEquals((int) error.getErrorCode(), read.error().orElseThrow().code());
      assertTrue(error.getReasonPhrase().startsWith(read.error().orElseThrow().reason()));
    }
  }

  @Test
  void weReadItsShortAddressFamily() throws Exception {
    Request request = MessageFactory.createAllocateRequest((byte) 17, false);
    TransactionId id = new TransactionId(1, 2);
    request.setTransactionID(id.bytes().toByteArray());
    request.putAttribute(AttributeFactory.createRequestedAddressFamilyAttribute((char) 2));
    assertEquals(
        Optional.of(new RequestedAddressFamily(2)),
        decode(Bytes.copyOf(request.encode(stack))).message().first(RequestedAddressFamily.class));
  }

  @Test
  void ice4jProvesWhatWeSign() throws Exception {
    for (int seed = 0; seed < MESSAGES; seed++) {
      StunMessage ours = Samples.message(new Random(seed));
      for (Protection protection : List.of(Protection.sha1(KEY), Protection.both(KEY))) {
        Bytes wire = StunCodec.encode(ours, protection.withFingerprint());
        byte[] array = wire.toByteArray();
        Message theirs = Message.decode(array, 0, array.length);
        MessageIntegrityAttribute integrity =
            assertInstanceOf(
                MessageIntegrityAttribute.class,
                theirs.getAttribute(org.ice4j.attribute.Attribute.MESSAGE_INTEGRITY));
        int end = integrity.getLocationInMessage();
        byte[] covered = wire.slice(0, end).toByteArray();
        covered[2] = (byte) ((end + 4) >> 8);
        covered[3] = (byte) (end + 4);
        assertArrayEquals(
            MessageIntegrityAttribute.calculateHmacSha1(
                covered, 0, end, Bytes.utf8(PASSWORD).toByteArray()),
            integrity.getHmacSha1Content(),
            "seed " + seed);
        // Their decoder drops a message whose checksum is wrong; that it is kept proves it right.
        FingerprintAttribute fingerprint =
            assertInstanceOf(
                FingerprintAttribute.class,
                theirs.getAttribute(org.ice4j.attribute.Attribute.FINGERPRINT));
        assertArrayEquals(
            wire.slice(wire.length() - 4).toByteArray(),
            FingerprintAttribute.calculateXorCRC32(array, 0, array.length - 8),
            "seed " + seed);
        assertNotNull(fingerprint);
      }
    }
  }

  @Test
  void weProveWhatIce4jSigns() throws Exception {
    for (int seed = 0; seed < MESSAGES; seed++) {
      Random random = new Random(seed);
      TransactionId id = TransactionId.random(random);
      Request request = MessageFactory.createBindingRequest(random.nextInt(Integer.MAX_VALUE));
      request.setTransactionID(id.bytes().toByteArray());
      String name = "remote:" + "l".repeat(random.nextInt(20));
      request.putAttribute(AttributeFactory.createUsernameAttribute(name));
      request.putAttribute(AttributeFactory.createMessageIntegrityAttribute(name));
      request.putAttribute(AttributeFactory.createFingerprintAttribute());
      Bytes wire = Bytes.copyOf(request.encode(stack));
      StunPacket read = decode(wire);
      assertEquals(
          Optional.of(new Username(name)), read.message().first(Username.class), "seed " + seed);
      assertTrue(read.hasFingerprint(), "seed " + seed);
      assertTrue(read.isProvenBy(KEY), "seed " + seed);
      assertEquals(MessageClass.REQUEST, read.message().messageClass());
      assertEquals(Method.BINDING, read.message().method());
    }
  }

  private static StunPacket decode(Bytes wire) {
    return StunCodec.decode(wire)
        .packet()
        .orElseThrow(() -> new AssertionError(StunCodec.decode(wire) + " " + wire.hex()));
  }
}
