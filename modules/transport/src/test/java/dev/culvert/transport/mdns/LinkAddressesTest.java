package dev.culvert.transport.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkAddressesTest {
  private static final LinkAddresses LINK =
      new LinkAddresses(
          2,
          List.of(
              new LinkAddresses.Prefix(Bench.ip("192.168.1.130"), 25),
              new LinkAddresses.Prefix(Bench.ip("10.0.0.1"), 32),
              new LinkAddresses.Prefix(Bench.ip("2001:db8:1::2"), 64)));

  @ParameterizedTest
  @CsvSource({
    "192.168.1.129, true",
    "192.168.1.255, true",
    "192.168.1.127, false",
    "10.0.0.1, true",
    "10.0.0.2, false",
    "169.254.7.7, true",
    "2001:db8:1::ffff, true",
    "2001:db8:2::1, false",
    "fe80::1, true",
    "203.0.113.9, false",
  })
  void neighboursAreOfTheLink(String ip, boolean is) {
    assertEquals(is, LINK.test(Bench.ip(ip)));
  }

  @Test
  void linkLocalOnesOfAnotherInterfaceAreNot() throws UnknownHostException {
    assertEquals(true, LINK.test(scoped(2)));
    assertEquals(false, LINK.test(scoped(3)));
  }

  private static InetAddress scoped(int index) throws UnknownHostException {
    return Inet6Address.getByAddress(null, Bench.ip("fe80::1").getAddress(), index);
  }

  @Test
  void aPrefixOfNoLengthHoldsNobody() {
    assertEquals(
        false, new LinkAddresses.Prefix(Bench.ip("192.168.1.1"), 0).holds(Bench.ip("1.2.3.4")));
  }
}
