package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {

  @Test
  void theSameAddressIsTheSameTokenAndOthersAreOthers() {
    Redaction redaction = new Redaction();
    assertEquals(
        "ipv4-private-1:5000 -> ipv4-public-1:40000, ipv4-public-2:40000",
        redaction.apply("192.168.1.2:5000 -> 203.0.113.7:40000, 203.0.113.8:40000"));
    assertEquals("ipv4-public-2, ipv4-private-1", redaction.apply("203.0.113.8, 192.168.1.2"));
  }

  @Test
  void everySpellingOfAnIpv6AddressIsTheSameToken() {
    Redaction redaction = new Redaction();
    assertEquals(
        "[ipv6-public-1]:3478 ipv6-public-1 /ipv6-public-1 ipv6-public-1.",
        redaction.apply("[2001:db8::1]:3478 2001:DB8:0:0:0:0:0:1 /2001:0db8::0:1 2001:db8::1."));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,ipv4-loopback-1",
    "0.0.0.0,ipv4-any-1",
    "10.1.2.3,ipv4-private-1",
    "172.31.0.1,ipv4-private-1",
    "172.32.0.1,ipv4-public-1",
    "169.254.7.7,ipv4-linklocal-1",
    "100.64.0.1,ipv4-carrier-1",
    "100.127.255.255,ipv4-carrier-1",
    "100.128.0.1,ipv4-public-1",
    "224.0.0.251,ipv4-multicast-1",
    "::1,ipv6-loopback-1",
    "::,ipv6-any-1",
    "fe80::1%eth0,ipv6-linklocal-1",
    "fd00::1,ipv6-private-1",
    "ff02::fb,ipv6-multicast-1",
    "2001:db8::192.0.2.1,ipv6-public-1",
    "stun:192.0.2.1:3478,stun:ipv4-public-1:3478",
    "fe80::1%eth0: refused,ipv6-linklocal-1: refused",
    "x=2001:db8::7: refused,x=ipv6-public-1: refused"
  })
  void theKindStaysToBeSeen(String text, String expected) {
    assertEquals(expected, new Redaction().apply(text));
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.3",
    "12:34:56.789",
    "4.2.18.Final",
    "999.1.1.1",
    "1.2.3.4.5",
    "dev.culvert.cli.Culvert::run",
    "sha256:ab:cd:ef:01:23"
  })
  void whatIsNoAddressStays(String text) {
    assertEquals(text, new Redaction().apply(text));
  }
}
