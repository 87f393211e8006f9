package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerPolicyTest {
  /** First, last and famous addresses of each IPv4 range that leads out of the public Internet. */
  static final List<String> SPECIAL_IPV4 =
      List.of(
          "0.0.0.0",
          "0.0.0.1",
          "0.255.255.255",
          "10.0.0.0",
          "10.1.2.3",
          "10.255.255.255",
          "100.64.0.0",
          "100.100.100.200",
          "100.127.255.255",
          "127.0.0.0",
          "127.0.0.1",
          "127.0.0.53",
          "127.255.255.255",
          "168.63.129.16",
          "169.254.0.0",
          "169.254.169.254",
          "169.254.170.2",
          "169.254.255.255",
          "172.16.0.0",
          "172.17.0.1",
          "172.31.255.255",
          "192.0.0.0",
          "192.0.0.170",
          "192.0.0.192",
          "192.0.0.255",
          "192.0.2.0",
          "192.0.2.255",
          "192.31.196.1",
          "192.52.193.1",
          "192.175.48.1",
          "192.88.99.1",
          "192.168.0.0",
          "192.168.1.1",
          "192.168.255.255",
          "198.18.0.0",
          "198.19.255.255",
          "198.51.100.0",
          "198.51.100.255",
          "203.0.113.0",
          "203.0.113.255",
          "224.0.0.0",
          "224.0.0.251",
          "239.255.255.250",
          "239.255.255.255",
          "240.0.0.0",
          "255.255.255.254",
          "255.255.255.255");

  static final List<String> SPECIAL_IPV6 =
      List.of(
          "::",
          "::1",
          "::2",
          "::8.8.8.8",
          "::ffff:0:8.8.8.8",
          "ff:ffff::",
          "64:ff9b::8.8.8.8",
          "64:ff9b::10.0.0.1",
          "64:ff9b::ffff:ffff",
          "64:ff9b:1::",
          "64:ff9b:1:ffff:ffff:ffff:ffff:ffff",
          "100::",
          "100::ffff:ffff:ffff:ffff",
          "100:0:0:1::1",
          "200::1",
          "3ff:ffff::",
          "2001::",
          "2001:0:1234::1",
          "2001:2::1",
          "2001:10::1",
          "2001:20::1",
          "2001:1ff:ffff::",
          "2001:db8::",
          "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
          "2002::",
          "2002:808:808::1",
          "2002:a00:1::1",
          "2002:ffff:ffff::",
          "2620:4f:8000::1",
          "3ffe::1",
          "3fff::1",
          "3fff:fff:ffff::",
          "5f00::1",
          "fc00::",
          "fd00:ec2::254",
          "fd20:ce::254",
          "fdff:ffff::",
          "fe80::",
          "fe80::1",
          "fe80::a9fe:a9fe",
          "febf:ffff::",
          "fec0::",
          "feff:ffff::",
          "ff00::",
          "ff02::1",
          "ff05::1:3",
          "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");

  private static final PeerPolicy STANDARD = PeerPolicy.standard();
  private static final PeerPolicy EVERYTHING =
      STANDARD.allowing(range("0.0.0.0/0")).allowing(range("::/0"));

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow(() -> new AssertionError(text));
  }

  private static IpPrefix range(String text) {
    return IpPrefix.parse(text).orElseThrow(() -> new AssertionError(text));
  }

  /** As the JDK would never make it by itself. */
  private static InetAddress mapped(String ipv4) throws UnknownHostException {
    Bytes bytes = Bytes.hex("00000000000000000000ffff").concat(Bytes.wrap(ip(ipv4).getAddress()));
    return Inet6Address.getByAddress(null, bytes.toByteArray(), -1);
  }

  /** An IPv4 address in every spelling that IPv6 has for it. */
  private static List<InetAddress> spellings(String ipv4) throws UnknownHostException {
    int bits = Bytes.wrap(ip(ipv4).getAddress()).int32(0);
    String high = Integer.toHexString(bits >>> 16);
    String low = Integer.toHexString(bits & 0xffff);
    String inverted = Integer.toHexString(~bits >>> 16) + ":" + Integer.toHexString(~bits & 0xffff);
    List<InetAddress> all = new ArrayList<>();
    Stream.of(
            ipv4,
            "::ffff:" + ipv4,
            "::" + ipv4,
            "::ffff:0:" + ipv4,
            "64:ff9b::" + ipv4,
            "64:ff9b::" + high + ":" + low,
            "64:ff9b:1:" + high + ":" + low + "::",
            "2002:" + high + ":" + low + "::1",
            "2001::" + inverted)
        .map(PeerPolicyTest::ip)
        .forEach(all::add);
    all.add(mapped(ipv4));
    return all;
  }

  @ParameterizedTest
  @FieldSource("SPECIAL_IPV4")
  void specialIpv4AddressesAreDeniedInEverySpelling(String ipv4) throws UnknownHostException {
    for (InetAddress spelling : spellings(ipv4)) {
      assertFalse(STANDARD.permits(spelling), spelling.toString());
      assertFalse(STANDARD.permitsExplicitly(spelling), spelling.toString());
    }
  }

  @ParameterizedTest
  @FieldSource("SPECIAL_IPV6")
  void specialIpv6AddressesAreDenied(String ipv6) {
    assertFalse(STANDARD.permits(ip(ipv6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.0.0.0",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "168.63.129.15",
        "168.63.129.17",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "191.255.255.255",
        "192.0.1.0",
        "192.0.3.0",
        "192.88.98.255",
        "192.88.100.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "198.51.99.255",
        "198.51.101.0",
        "203.0.112.255",
        "203.0.114.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2001:db7:ffff::",
        "2001:db9::",
        "2003::1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "3ffd:ffff::",
        "4000::",
        "fbff:ffff::",
      })
  void theRestIsPublic(String address) {
    assertTrue(STANDARD.permits(ip(address)));
    assertFalse(STANDARD.permitsExplicitly(ip(address)));
  }

  @Test
  void noIpv4MappedPeerIsEverPermitted() throws UnknownHostException {
    assertTrue(STANDARD.permits(ip("8.8.8.8")));
    assertFalse(STANDARD.permits(mapped("8.8.8.8")));
    assertFalse(EVERYTHING.permits(mapped("8.8.8.8")));
    assertFalse(EVERYTHING.permitsExplicitly(mapped("127.0.0.1")));
  }

  /** Whoever allows all of IPv6 has not allowed IPv4 addresses that are dressed up. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "::127.0.0.1",
        "::ffff:0:10.0.0.1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2001::80ff:fffe"
      })
  void anAddressWithinIsJudgedToo(String address) {
    PeerPolicy allIpv6 = STANDARD.allowing(range("::/0"));
    assertFalse(allIpv6.permits(ip(address)));
    assertFalse(allIpv6.permitsExplicitly(ip(address)));
    assertTrue(EVERYTHING.permits(ip(address)));
    assertTrue(allIpv6.permits(ip("64:ff9b::8.8.8.8")));
    assertFalse(EVERYTHING.denying(range("8.8.8.8")).permits(ip("64:ff9b::8.8.8.8")));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1", "127.0.0.0/8, 127.9.9.9", "10.0.0.0/8, 10.1.2.3", "::1, ::1",
    "::, ::", "fd00::/8, fd12::1", "fe80::/10, fe80::1", "169.254.169.254, 169.254.169.254",
    "::/0, ::1", "0.0.0.0/0, 255.255.255.255"
  })
  void theOperatorMayAllowWhatIsSpecial(String allowed, String peer) {
    assertFalse(STANDARD.permits(ip(peer)));
    assertTrue(STANDARD.allowing(range(allowed)).permits(ip(peer)));
    assertTrue(STANDARD.allowing(range(allowed)).permitsExplicitly(ip(peer)));
  }

  @Test
  void theLongestRangeDecidesWhateverTheOrder() {
    IpPrefix wide = range("10.0.0.0/8");
    IpPrefix narrow = range("10.1.0.0/16");
    IpPrefix one = range("10.1.2.3");
    for (PeerPolicy policy :
        List.of(
            STANDARD.allowing(wide).denying(narrow).allowing(one),
            STANDARD.allowing(one).denying(narrow).allowing(wide))) {
      assertTrue(policy.permits(ip("10.2.0.1")));
      assertFalse(policy.permits(ip("10.1.0.1")));
      assertTrue(policy.permits(ip("10.1.2.3")));
      assertFalse(policy.permits(ip("192.168.0.1")));
      assertTrue(policy.permits(ip("8.8.8.8")));
    }
  }

  @Test
  void denialWinsBetweenEqualRanges() {
    IpPrefix range = range("8.8.0.0/16");
    assertFalse(STANDARD.allowing(range).denying(range).permits(ip("8.8.8.8")));
    assertFalse(STANDARD.denying(range).allowing(range).permits(ip("8.8.8.8")));
    assertTrue(STANDARD.denying(range).allowing(range("8.8.8.8")).permits(ip("8.8.8.8")));
    assertFalse(STANDARD.denying(range("0.0.0.0/0")).permits(ip("8.8.8.8")));
    assertTrue(STANDARD.denying(range("0.0.0.0/0")).permits(ip("2a00:1450::1")));
  }

  /** Against the rule as it is told, word for word. */
  @Test
  void decidesAsTheRuleSays() {
    Random random = new Random(12);
    for (int round = 0; round < 200; round++) {
      PeerPolicy policy = STANDARD;
      List<IpPrefix> ranges = new ArrayList<>();
      List<Boolean> allowed = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        int length = 8 + random.nextInt(25);
        int bits = ((8 << 24) | random.nextInt(4)) & (-1 << (32 - length));
        IpPrefix range = new IpPrefix(Bytes.of(bits >> 24, bits >> 16, bits >> 8, bits), length);
        ranges.add(range);
        allowed.add(random.nextBoolean());
        boolean allow = allowed.get(allowed.size() - 1);
        policy = allow ? policy.allowing(range) : policy.denying(range);
      }
      for (int last = 0; last < 4; last++) {
        InetAddress peer = ip("8.0.0." + last);
        int longest = -1;
        boolean expected = true;
        for (int i = 0; i < ranges.size(); i++) {
          int length = ranges.get(i).length();
          if (ranges.get(i).contains(peer) && length >= longest) {
            expected = allowed.get(i) && (length > longest || expected);
            longest = length;
          }
        }
        assertEquals(expected, policy.permits(peer), round + ": " + ranges + allowed + peer);
      }
    }
  }
}
