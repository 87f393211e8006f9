package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder.Outcome;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.OtherAddress;
import dev.culvert.stun.attribute.Padding;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.ResponseOrigin;
import dev.culvert.stun.attribute.ResponsePort;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingResponderTest {
  private static final TransactionId ID = new TransactionId(7, 8);
  private static final TransportAddress CLIENT = address("203.0.113.9", 40_000);
  private static final TransportAddress CLIENT6 = address("2001:db8::9", 40_000);
  private static final TransportAddress ASKED = address("192.0.2.1", 3478);
  private static final TransportAddress OTHER = address("192.0.2.2", 3479);
  private static final TransportAddress ASKED6 = address("2001:db8::1", 3478);
  private static final TransportAddress OTHER6 = address("2001:db8::2", 3479);
  private static final BindingService SINGLE = BindingService.single(ASKED);
  private static final BindingService TWO = BindingService.alternating(ASKED, OTHER);

  private final BindingReply reply = new BindingReply();
  private final ByteBuffer out = ByteBuffer.allocate(70_000);

  @Test
  void tellsTheClientItsAddressTwiceAndTheServersOwn() {
    assertEquals(
        StunMessage.request(Method.BINDING, ID)
            .successResponse(
                new XorMappedAddress(CLIENT),
                new MappedAddress(CLIENT),
                new ResponseOrigin(ASKED),
                new OtherAddress(OTHER)),
        answer(TWO, CLIENT));
    assertEquals(BindingReply.Source.ASKED, reply.source());
    assertEquals(CLIENT.port(), reply.port());
    BindingService service6 = BindingService.alternating(ASKED6, OTHER6);
    assertEquals(
        StunMessage.request(Method.BINDING, ID)
            .successResponse(
                new XorMappedAddress(CLIENT6),
                new MappedAddress(CLIENT6),
                new ResponseOrigin(ASKED6),
                new OtherAddress(OTHER6)),
        answer(service6, CLIENT6));
  }

  @Test
  void aServerWithOneAddressNamesNoOther() {
    StunMessage answer = answer(SINGLE, CLIENT);
    assertFalse(answer.has(OtherAddress.class));
    assertEquals(Optional.of(new ResponseOrigin(ASKED)), answer.first(ResponseOrigin.class));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, ASKED, 192.0.2.1, 3478",
    "false, true, OTHER_PORT, 192.0.2.1, 3479",
    "true, false, OTHER_IP, 192.0.2.2, 3478",
    "true, true, OTHER_IP_AND_PORT, 192.0.2.2, 3479",
  })
  void answersFromWhereTheTableSays(
      boolean ip, boolean port, BindingReply.Source source, String fromIp, int fromPort) {
    StunMessage answer = answer(TWO, CLIENT, new ChangeRequest(ip, port));
    assertEquals(source, reply.source());
    assertEquals(address(fromIp, fromPort), TWO.addressOf(source));
    assertEquals(
        Optional.of(new ResponseOrigin(address(fromIp, fromPort))),
        answer.first(ResponseOrigin.class));
    assertEquals(Optional.of(new OtherAddress(OTHER)), answer.first(OtherAddress.class));
  }

  @Test
  void theFirstChangeRequestCounts() {
    answer(TWO, CLIENT, new ChangeRequest(false, true), new ChangeRequest(true, true));
    assertEquals(BindingReply.Source.OTHER_PORT, reply.source());
  }

  @Test
  void refusesToChangeWhereItCannot() {
    for (BindingService service : List.of(SINGLE, TWO.over(Transport.TCP))) {
      StunMessage answer = answer(service, CLIENT, new ChangeRequest(false, false));
      assertEquals(420, answer.error().orElseThrow().code());
      assertEquals(
          Optional.of(new UnknownAttributes(List.of(0x0003))),
          answer.first(UnknownAttributes.class));
      assertEquals(BindingReply.Source.ASKED, reply.source());
    }
  }

  @Test
  void sendsToTheResponsePort() {
    StunMessage answer = answer(SINGLE, CLIENT, new ResponsePort(1234));
    assertEquals(1234, reply.port());
    assertEquals(Optional.of(new XorMappedAddress(CLIENT)), answer.first(XorMappedAddress.class));
    assertEquals(
        420,
        answer(SINGLE.over(Transport.TLS), CLIENT, new ResponsePort(1234))
            .error()
            .orElseThrow()
            .code());
    assertEquals(CLIENT.port(), reply.port());
  }

  @Test
  void refusesResponsePortWithPaddingAndPortZero() {
    Attribute[][] bad = {
      {new ResponsePort(1), new Padding(4)}, {new ResponsePort(0)},
    };
    for (Attribute[] attributes : bad) {
      StunMessage answer = answer(SINGLE, CLIENT, attributes);
      assertEquals(Optional.of(ErrorCode.of(400)), answer.error());
      assertEquals(CLIENT.port(), reply.port());
    }
  }

  @Test
  void listsEachUnknownRequiredAttributeOnce() {
    StunMessage answer =
        answer(
            TWO,
            CLIENT,
            unknown(0x7777),
            unknown(0x8888),
            new Username("me"),
            new Priority(1),
            new Lifetime(1),
            unknown(0x7777),
            unknown(0x0002));
    assertEquals(
        Optional.of(new UnknownAttributes(List.of(0x7777, 0x000d, 0x0002))),
        answer.first(UnknownAttributes.class));
    assertEquals(Optional.of(ErrorCode.of(420)), answer.error());
  }

  @Test
  void listsThirtyTwoUnknownAttributesAtMost() {
    Attribute[] many =
        IntStream.range(0, 500).mapToObj(i -> unknown(0x1000 + i)).toArray(Attribute[]::new);
    StunMessage answer = answer(TWO, CLIENT, many);
    assertEquals(32, answer.first(UnknownAttributes.class).orElseThrow().types().size());
  }

  @Test
  void whatFollowsTheIntegrityAttributeDoesNotCount() {
    Bytes sealed =
        StunCodec.encode(
            StunMessage.request(Method.BINDING, ID), Protection.sha1(IntegrityKey.of(Bytes.of(1))));
    byte[] wire = sealed.concat(Bytes.hex("7777 0000 0003 0004 00000006")).toByteArray();
    wire[3] = (byte) (wire.length - 20);
    assertEquals(Outcome.ANSWERED, respond(SINGLE, CLIENT, Bytes.wrap(wire)));
  }

  @Test
  void answersAFingerprintWithAFingerprint() {
    Bytes request =
        StunCodec.encode(
            StunMessage.request(Method.BINDING, ID), Protection.none().withFingerprint());
    for (TransportAddress client : List.of(CLIENT, CLIENT6)) {
      assertEquals(Outcome.ANSWERED, respond(TWO.withSoftware("x"), client, request));
      assertTrue(decode(written()).hasFingerprint());
    }
    byte[] wrong = request.toByteArray();
    wrong[wrong.length - 1]++;
    assertEquals(Outcome.MALFORMED, respond(SINGLE, CLIENT, Bytes.wrap(wrong)));
  }

  @Test
  void saysWhatItIsWhereThereIsRoom() {
    BindingService named = SINGLE.withSoftware("Culvert");
    assertEquals(Optional.of(new Software("Culvert")), answer(named, CLIENT).first(Software.class));
    BindingService two6 = BindingService.alternating(ASKED6, OTHER6).withSoftware("Culvert");
    assertFalse(answer(two6, CLIENT6).has(Software.class));
  }

  @ParameterizedTest
  @CsvSource({"0, 28", "4, 40", "400, 1028", "1500, 1500", "20000, 1500"})
  void padsAnswersUpToItsLimit(int asked, int given) {
    StunMessage answer = answer(TWO, CLIENT, new Padding(asked));
    assertEquals(Optional.of(new Padding(given)), answer.first(Padding.class));
  }

  @Test
  void neverAnswersWithMoreThanTwoAndAHalfTimesTheBytes() {
    long seed = 42;
    Random random = new Random(seed);
    BindingService two6 = BindingService.alternating(ASKED6, OTHER6);
    for (int i = 0; i < 20_000; i++) {
      List<Attribute> attributes = new ArrayList<>();
      for (int n = random.nextInt(5); n > 0; n--) {
        attributes.add(
            switch (random.nextInt(6)) {
              case 0 -> new ChangeRequest(random.nextBoolean(), random.nextBoolean());
              case 1 -> new Padding(random.nextInt(3000));
              case 2 -> new ResponsePort(random.nextInt(65_536));
              case 3 -> unknown(random.nextInt(65_536));
              case 4 -> new Software("s".repeat(random.nextInt(100)));
              default -> new Username("u".repeat(random.nextInt(100)));
            });
      }
      Protection protection =
          random.nextBoolean() ? Protection.none().withFingerprint() : Protection.none();
      StunMessage message =
          StunMessage.request(Method.BINDING, ID, attributes.toArray(Attribute[]::new));
      Bytes request;
      try {
        request = StunCodec.encode(message, protection);
      } catch (IllegalArgumentException e) {
        continue; // A forged FINGERPRINT among the unknown ones.
      }
      boolean ipv4 = random.nextBoolean();
      BindingService service = (ipv4 ? TWO : two6).withSoftware("Culvert 0.1 on the JVM");
      if (respond(service, ipv4 ? CLIENT : CLIENT6, request).isSent()) {
        int headers = ipv4 ? 28 : 48;
        assertTrue(
            2 * (written().length() + headers) <= 5 * (request.length() + headers),
            () -> "seed " + seed + ": " + message);
        decode(written());
      }
    }
  }

  @Test
  void answersClassicClientsAsTheyExpect() {
    Bytes id = Bytes.hex("000102030405060708090a0b0c0d0e0f");
    Bytes request = Bytes.hex("0001 0008").concat(id).concat(Bytes.hex("0003 0004 00000006"));
    assertEquals(Outcome.ANSWERED, respond(TWO, CLIENT, request));
    assertEquals(BindingReply.Source.OTHER_IP_AND_PORT, reply.source());
    assertEquals(
        Bytes.hex("0101 0024")
            .concat(id)
            .concat(Bytes.hex("0001 0008 0001 9c40 cb007109"))
            .concat(Bytes.hex("0004 0008 0001 0d97 c0000202"))
            .concat(Bytes.hex("0005 0008 0001 0d97 c0000202")),
        written());
  }

  @Test
  void classicClientsThatAskForNoChangeGetNone() {
    Bytes id = Bytes.hex("000102030405060708090a0b0c0d0e0f");
    Bytes quiet = Bytes.hex("0001 0008").concat(id).concat(Bytes.hex("0003 0004 00000000"));
    assertEquals(Outcome.ANSWERED, respond(SINGLE, CLIENT, quiet));
    Bytes change = Bytes.hex("0001 0008").concat(id).concat(Bytes.hex("0003 0004 00000002"));
    assertEquals(Outcome.REFUSED, respond(SINGLE, CLIENT, change));
    assertEquals(
        Bytes.hex("0111 0024")
            .concat(id)
            .concat(Bytes.hex("0009 0015 00000414"))
            .concat(Bytes.utf8("Unknown Attribute"))
            .concat(Bytes.hex("000000 000a 0004 0003 0003")),
        written());
  }

  @Test
  void classicRequestsOverDtlsAreAnError() {
    Bytes classic = Bytes.hex("0001 0000 000102030405060708090a0b0c0d0e0f");
    assertEquals(Outcome.REFUSED, respond(SINGLE.over(Transport.DTLS), CLIENT, classic));
    assertEquals(Bytes.hex("0009 0010 00000500"), written().slice(20, 28));
  }

  @ParameterizedTest
  @CsvSource({
    "'', NOT_STUN",
    "00, NOT_STUN",
    "0001000000, NOT_STUN",
    "474554202f20485454502f312e310d0a0d0a0d0a0d0a, NOT_STUN",
    "8001 0000 C, NOT_STUN",
    // Without cookie, and with anything but a whole Binding request.
    "0001 0004 0000000000000000000000000000000000, NOT_STUN",
    "0011 0000 00000000000000000000000000000000, NOT_STUN",
    "0002 0000 00000000000000000000000000000000, NOT_STUN",
    // Lengths that lie.
    "0001 0004 C, MALFORMED",
    "0001 0002 C 0000, MALFORMED",
    "0001 0004 C 8022 0004, MALFORMED",
    "0001 0004 C 8022 ffff, MALFORMED",
    "0001 0008 C 0003 0002 00060000, MALFORMED",
    "0001 0004 C 0027 0000, MALFORMED",
    "0001 000c C 8028 0004 00000000 8022 0000, MALFORMED",
    // Indications, responses, other methods.
    "0011 0000 C, NOT_A_BINDING_REQUEST",
    "0101 0000 C, NOT_A_BINDING_REQUEST",
    "0111 0000 C, NOT_A_BINDING_REQUEST",
    "0003 0000 C, NOT_A_BINDING_REQUEST",
    "0000 0000 C, NOT_A_BINDING_REQUEST",
  })
  void keepsSilentAboutTheRest(String hex, Outcome outcome) {
    Bytes request = Bytes.hex(hex.replace("C", "2112a442 000000000000000000000000"));
    assertEquals(outcome, respond(TWO, CLIENT, request));
    assertFalse(outcome.isSent());
    assertEquals(0, written().length());
  }

  @Test
  void worksInTheMiddleOfAnyBuffer() {
    Bytes request =
        StunCodec.encode(
            StunMessage.request(Method.BINDING, ID), Protection.none().withFingerprint());
    respond(TWO, CLIENT, request);
    Bytes expected = written();
    ByteBuffer in = ByteBuffer.allocateDirect(100);
    in.position(7).put(request.asByteBuffer());
    in.flip().position(7);
    ByteBuffer direct = ByteBuffer.allocateDirect(400).position(100).limit(390);
    BindingResponder responder = new BindingResponder(TWO);
    responder.respond(in, CLIENT.ip(), CLIENT.port(), direct, reply);
    assertEquals(7, in.position());
    assertEquals(7 + request.length(), in.limit());
    assertEquals(390, direct.limit());
    assertEquals(expected, Bytes.copyOf(direct.flip().position(100)));
  }

  @Test
  void refusesBuffersThatWillNotDo() {
    BindingResponder responder = new BindingResponder(SINGLE);
    ByteBuffer in = ByteBuffer.allocate(20);
    InetAddress ip = CLIENT.ip();
    assertThrows(
        IllegalArgumentException.class,
        () -> responder.respond(in, ip, 1, ByteBuffer.allocate(255), reply));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            responder.respond(
                ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN), ip, 1, out, reply));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1:3479", "192.0.2.2:3478", "0.0.0.0:3479", "2001:db8::1:1"})
  void refusesAnOtherAddressThatIsNone(String text) {
    int colon = text.lastIndexOf(':');
    TransportAddress other =
        address(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    assertThrows(IllegalArgumentException.class, () -> BindingService.alternating(ASKED, other));
  }

  @Test
  void allocatesNothingForAnIpv4Request() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    BindingResponder responder = new BindingResponder(TWO.withSoftware("Culvert"));
    Bytes plain = StunCodec.encode(StunMessage.request(Method.BINDING, ID));
    Bytes rich =
        StunCodec.encode(
            StunMessage.request(Method.BINDING, ID, new ChangeRequest(true, true)),
            Protection.none().withFingerprint());
    Bytes garbage = Bytes.wrap(new byte[100]);
    Bytes refused = StunCodec.encode(StunMessage.request(Method.BINDING, ID, unknown(0x1234)));
    for (Bytes bytes : List.of(plain, rich, garbage, refused)) {
      ByteBuffer request = ByteBuffer.wrap(bytes.toByteArray());
      long allocated = Long.MAX_VALUE;
      // The first rounds load classes and grow the meter's own state.
      for (int round = 0; round < 5; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
          responder.respond(request, CLIENT.ip(), CLIENT.port(), out.clear(), reply);
        }
        allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, allocated, bytes + " costs memory");
    }
  }

  private StunMessage answer(
      BindingService service, TransportAddress client, Attribute... attributes) {
    Bytes request = StunCodec.encode(StunMessage.request(Method.BINDING, ID, attributes));
    assertTrue(respond(service, client, request).isSent());
    return decode(written()).message();
  }

  private Outcome respond(BindingService service, TransportAddress client, Bytes request) {
    return new BindingResponder(service)
        .respond(request.asByteBuffer(), client.ip(), client.port(), out.clear(), reply);
  }

  private Bytes written() {
    return Bytes.copyOf(out.duplicate().flip());
  }

  private static UnknownAttribute unknown(int type) {
    return new UnknownAttribute(type, Bytes.empty());
  }

  private static StunPacket decode(Bytes wire) {
    DecodeResult result = StunCodec.decode(wire);
    return result.packet().orElseThrow(() -> new AssertionError(result.toString()));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
