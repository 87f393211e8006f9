package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.0/24",
    "0.0.0.0/0, 0.0.0.0/0",
    "192.0.2.1, 192.0.2.1/32",
    "2001:DB8:0::/32, 2001:db8::/32",
    "::/0, ::/0",
    "::1, ::1/128",
    "fe80::/10, fe80::/10",
  })
  void readsWhatCidrWrites(String text, String shown) {
    assertEquals(shown, prefix(text).toString());
    assertEquals(prefix(text), prefix(shown));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "10.0.0/8",
        "::/129",
        "::/1234",
        "example.org",
        "[::]/0",
        "fe80::1%eth0",
        "::ffff:0:0/96"
      })
  void readsNothingElse(String text) {
    assertEquals(Optional.empty(), IpPrefix.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1/8, 10.0.0.0/8 is where the range begins",
    "192.0.2.128/24, 192.0.2.0/24 is where the range begins",
    "2001:db8::1/64, 2001:db8::/64 is where the range begins",
  })
  void tellsWhichRangeWasMeant(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text)).getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0, true",
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 9.255.255.255, false",
    "10.0.0.0/8, 11.0.0.0, false",
    "100.64.0.0/10, 100.127.255.255, true",
    "100.64.0.0/10, 100.128.0.0, false",
    "100.64.0.0/10, 100.63.255.255, false",
    "0.0.0.0/0, 255.255.255.255, true",
    "0.0.0.0/0, ::, false",
    "::/0, 1.2.3.4, false",
    "::/0, ffff::, true",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::, false",
    "fe80::/10, febf::, true",
    "fe80::/10, fec0::, false",
    "::1/128, ::1, true",
    "::1/128, ::, false",
  })
  void holdsItsAddresses(String range, String address, boolean holds) {
    assertEquals(holds, prefix(range).contains(IpLiterals.parse(address).orElseThrow()));
  }

  /** Against arithmetic on whole numbers. */
  @Test
  void holdsWhatAgreesInTheFirstBits() {
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      int size = random.nextBoolean() ? 4 : 16;
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      int length = random.nextInt(8 * size + 1);
      BigInteger number = new BigInteger(1, bytes);
      BigInteger network = number.shiftRight(8 * size - length).shiftLeft(8 * size - length);
      IpPrefix range = new IpPrefix(bytes(network, size), length);
      BigInteger other = number.flipBit(random.nextInt(8 * size));
      boolean agrees =
          other.shiftRight(8 * size - length).equals(number.shiftRight(8 * size - length));
      String trial = range + " and " + other.toString(16);
      assertEquals(agrees, range.contains(bytes(other, size)), trial);
      assertEquals(true, range.contains(Bytes.wrap(bytes)), trial);
    }
  }

  private static Bytes bytes(BigInteger number, int size) {
    return Bytes.hex(
        "0".repeat(2 * size).concat(number.toString(16)).substring(number.toString(16).length()));
  }

  @Test
  void refusesWhatIsNoRange() {
    assertThrows(IllegalArgumentException.class, () -> new IpPrefix(Bytes.of(1, 2, 3), 8));
    assertThrows(IllegalArgumentException.class, () -> new IpPrefix(Bytes.of(1, 2, 3, 4), 33));
    assertThrows(IllegalArgumentException.class, () -> new IpPrefix(Bytes.of(1, 2, 3, 4), -1));
    assertThrows(IllegalArgumentException.class, () -> new IpPrefix(Bytes.of(1, 2, 3, 4), 8));
  }
}
