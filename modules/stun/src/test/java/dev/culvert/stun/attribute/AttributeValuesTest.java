package dev.culvert.stun.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every attribute, byte by byte as its RFC draws it, both ways. */
class AttributeValuesTest {
  private static final TransactionId ID = TransactionId.of(Bytes.hex("b7e7a701bc34d686fa87dfae"));
  private static final TransportAddress V4 = address("192.0.2.1");
  private static final TransportAddress V6 = address("2001:db8:1234:5678:11:2233:4455:6677");
  private static final String PLAIN_V4 = "0001 8055 c0000201";
  private static final String XORED_V4 = "0001 a147 e112a643";
  private static final String XORED_V6 = "0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9";

  static Stream<Arguments> attributes() {
    return Stream.of(
        of(new MappedAddress(V4), 0x0001, PLAIN_V4),
        of(new MappedAddress(V6), 0x0001, "0002 8055 20010db8123456780011223344556677"),
        of(new ResponseAddress(V4), 0x0002, PLAIN_V4),
        of(new ChangeRequest(false, false), 0x0003, "00000000"),
        of(new ChangeRequest(false, true), 0x0003, "00000002"),
        of(new ChangeRequest(true, false), 0x0003, "00000004"),
        of(new ChangeRequest(true, true), 0x0003, "00000006"),
        of(new SourceAddress(V4), 0x0004, PLAIN_V4),
        of(new ChangedAddress(V4), 0x0005, PLAIN_V4),
        of(new Username("é"), 0x0006, "c3a9"),
        of(new MessageIntegrity(Bytes.wrap(new byte[20])), 0x0008, "00".repeat(20)),
        of(new ErrorCode(438, "Stale"), 0x0009, "00000426 5374616c65"),
        of(new ErrorCode(699, ""), 0x0009, "00000663"),
        of(new UnknownAttributes(List.of(0x7fff, 2, 3)), 0x000a, "7fff 0002 0003"),
        of(new ReflectedFrom(V4), 0x000b, PLAIN_V4),
        of(new ChannelNumber(0x4001), 0x000c, "40010000"),
        of(new Lifetime(0xffff_ffffL), 0x000d, "ffffffff"),
        of(new XorPeerAddress(V6), 0x0012, XORED_V6),
        of(new Data(Bytes.of(1, 2, 3)), 0x0013, "010203"),
        of(new Data(Bytes.empty()), 0x0013, ""),
        of(new Realm("example.org"), 0x0014, "6578616d706c652e6f7267"),
        of(new Nonce("n"), 0x0015, "6e"),
        of(new XorRelayedAddress(V4), 0x0016, XORED_V4),
        of(new RequestedAddressFamily(AddressFamily.IPV6), 0x0017, "02000000"),
        of(new EvenPort(true), 0x0018, "80"),
        of(new EvenPort(false), 0x0018, "00"),
        of(new RequestedTransport(RequestedTransport.UDP), 0x0019, "11000000"),
        of(new DontFragment(), 0x001a, ""),
        of(new MessageIntegritySha256(Bytes.wrap(new byte[16])), 0x001c, "00".repeat(16)),
        of(PasswordAlgorithm.of(PasswordAlgorithm.SHA_256), 0x001d, "0002 0000"),
        of(new PasswordAlgorithm(9, Bytes.of(1)), 0x001d, "0009 0001 01000000"),
        of(new UserHash(Bytes.wrap(new byte[32])), 0x001e, "00".repeat(32)),
        of(new XorMappedAddress(V4), 0x0020, XORED_V4),
        of(new XorMappedAddress(V6), 0x0020, XORED_V6),
        of(new ReservationToken(Bytes.hex("0102030405060708")), 0x0022, "0102030405060708"),
        of(new Priority(0x6e0001ffL), 0x0024, "6e0001ff"),
        of(new UseCandidate(), 0x0025, ""),
        of(new Padding(5), 0x0026, "0000000000"),
        of(new ResponsePort(0x1234), 0x0027, "12340000"),
        of(new ConnectionId(0x89abcdefL), 0x002a, "89abcdef"),
        of(new AdditionalAddressFamily(AddressFamily.IPV6), 0x8000, "02000000"),
        of(new AddressErrorCode(2, 440, "x"), 0x8001, "02000428 78"),
        of(
            new PasswordAlgorithms(
                List.of(new PasswordAlgorithm(7, Bytes.of(1)), PasswordAlgorithm.of(1))),
            0x8002,
            "0007 0001 01000000 0001 0000"),
        of(new AlternateDomain("a.example"), 0x8003, "612e6578616d706c65"),
        of(new Icmp(3, 4, 1500), 0x8004, "0000 0604 000005dc"),
        of(new Icmp(127, 511, 0xffff_ffffL), 0x8004, "0000 ffff ffffffff"),
        of(new Software("Culvert"), 0x8022, "43756c76657274"),
        of(new AlternateServer(V4), 0x8023, PLAIN_V4),
        of(new CacheTimeout(60), 0x8027, "0000003c"),
        of(new Fingerprint(0xe57a3bcf), 0x8028, "e57a3bcf"),
        of(new IceControlled(0x932ff9b151263b36L), 0x8029, "932ff9b151263b36"),
        of(new IceControlling(1), 0x802a, "0000000000000001"),
        of(new ResponseOrigin(V4), 0x802b, PLAIN_V4),
        of(new OtherAddress(V4), 0x802c, PLAIN_V4),
        of(new UnknownAttribute(0x7abc, Bytes.of(9)), 0x7abc, "09"));
  }

  private static Arguments of(Attribute attribute, int type, String value) {
    return Arguments.of(attribute, type, Bytes.hex(value));
  }

  @ParameterizedTest
  @MethodSource("attributes")
  void isWrittenAndRead(Attribute attribute, int type, Bytes value) {
    assertEquals(type, attribute.type());
    assertEquals(value, attribute.value(ID));
    assertEquals(Optional.of(attribute), Attribute.decode(type, value, ID));
  }

  @Test
  void theTableHasEveryKind() {
    Set<Class<?>> missing = new HashSet<>(Arrays.asList(Attribute.class.getPermittedSubclasses()));
    attributes().forEach(row -> missing.remove(row.get()[0].getClass()));
    assertEquals(Set.of(), missing);
  }

  /** Reserved bits are read over, as their RFCs want it. */
  @ParameterizedTest
  @CsvSource({
    "0x0001, ff01 8055 c0000201",
    "0x0009, fffffc26 5374616c65",
    "0x0003, fffffffe",
    "0x000c, 4001ffff",
    "0x0019, 11ffffff",
    "0x0018, ff",
    "0x0027, 1234",
    "0x0017, 02",
    "0x8004, ffff 0604 000005dc",
    "0x001d, 0009 0001 01",
    "0x001d, 0009 0001 01ffffff",
    "0x0026, 0102030405",
  })
  void readsOverWhatIsReserved(String type, String value) {
    int number = Integer.decode(type);
    Attribute read = Attribute.decode(number, Bytes.hex(value), ID).orElseThrow();
    Bytes clean = read.value(ID);
    assertEquals(Optional.of(read), Attribute.decode(number, clean, ID));
    assertEquals(true, read.getClass() != UnknownAttribute.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0001, ''",
    "0x0001, 0001 8055 c00002",
    "0x0001, 0002 8055 c0000201",
    "0x0001, 0001 8055 20010db8123456780011223344556677",
    "0x0001, 0000 8055 c0000201",
    "0x0020, 0001",
    "0x0003, 000000",
    "0x0003, 0000000000",
    "0x0006, ff",
    "0x0008, 00",
    "0x0009, 000004",
    "0x0009, 00000764",
    "0x0009, 00000464",
    "0x000c, 4001",
    "0x000d, 0000",
    "0x0015, c0af",
    "0x0018, ''",
    "0x001a, 00",
    "0x001c, 000000000000000000000000",
    "0x001c, 0000000000000000000000000000000000",
    "0x001d, 0002 0001",
    "0x001d, 0002 0000 0000",
    "0x001e, 00",
    "0x0022, 00000000000000",
    "0x0024, 0000",
    "0x0025, 00",
    "0x0027, 123400",
    "0x8002, 0002 0000 0001 0001",
    "0x8002, 0002",
    "0x8003, 2d61",
    "0x8003, c3bc2e6578616d706c65",
    "0x8004, 00000000",
    "0x8029, 00000000",
  })
  void refusesWhatCannotBe(String type, String value) {
    assertEquals(Optional.empty(), Attribute.decode(Integer.decode(type), Bytes.hex(value), ID));
  }

  @Test
  void limitsOfText() {
    String longest = "\ud83d\ude00".repeat(127);
    for (Attribute attribute :
        List.of(new Realm(longest), new Nonce(longest), new Software(longest))) {
      Bytes value = attribute.value(ID);
      assertEquals(508, value.length());
      assertEquals(Optional.of(attribute), Attribute.decode(attribute.type(), value, ID));
      Bytes longer = value.concat(Bytes.of('x'));
      assertEquals(Optional.empty(), Attribute.decode(attribute.type(), longer, ID));
    }
    for (Supplier<Attribute> tooLong :
        List.<Supplier<Attribute>>of(
            () -> new Realm(longest + "x"),
            () -> new Nonce(longest + "x"),
            () -> new Software(longest + "x"),
            () -> new ErrorCode(400, longest + "x"),
            () -> new Username("x".repeat(764)),
            () -> new Realm("\ud83d"))) {
      assertThrows(IllegalArgumentException.class, tooLong::get);
    }
  }

  /** RFC 8489 §14.3: up to 763 bytes are read, fewer than 509 sent. */
  @Test
  void limitsOfUserNames() {
    assertEquals(508, new Username("x".repeat(508)).value(ID).length());
    Bytes long763 = Bytes.utf8("x".repeat(763));
    Attribute read = Attribute.decode(0x0006, long763, ID).orElseThrow();
    assertEquals(new Username("x".repeat(763)), read);
    assertThrows(IllegalArgumentException.class, () -> read.value(ID));
    assertEquals(Optional.empty(), Attribute.decode(0x0006, Bytes.utf8("x".repeat(764)), ID));
  }

  /** What only people read does not cost them the code. */
  @Test
  void mendsReasons() {
    Bytes head = Bytes.hex("00000425");
    assertEquals(
        Optional.of(new ErrorCode(437, "r".repeat(127))),
        Attribute.decode(0x0009, head.concat(Bytes.utf8("r".repeat(300))), ID));
    assertEquals(
        Optional.of(new ErrorCode(437, "a\ufffd")),
        Attribute.decode(0x0009, head.concat(Bytes.hex("61ff")), ID));
  }

  private static TransportAddress address(String ip) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 32853);
  }
}
