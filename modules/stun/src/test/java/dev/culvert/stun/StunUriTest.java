package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.stun.StunUri.Scheme;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StunUriTest {

  /** The examples of RFC 7064 §A and RFC 7065 §A, and their relatives. */
  @ParameterizedTest
  @CsvSource({
    "stun:example.org, STUN, example.org, 0, UDP, stun:example.org",
    "stuns:example.org, STUNS, example.org, 0, TLS, stuns:example.org",
    "stun:example.org:8000, STUN, example.org, 8000, UDP, stun:example.org:8000",
    "turn:example.org, TURN, example.org, 0, UDP, turn:example.org",
    "turns:example.org, TURNS, example.org, 0, TLS, turns:example.org",
    "turn:example.org:8000, TURN, example.org, 8000, UDP, turn:example.org:8000",
    "turn:example.org?transport=udp, TURN, example.org, 0, UDP, turn:example.org",
    "turn:example.org?transport=tcp, TURN, example.org, 0, TCP, turn:example.org?transport=tcp",
    "turns:example.org?transport=tcp, TURNS, example.org, 0, TLS, turns:example.org",
    "turns:example.org?transport=udp, TURNS, example.org, 0, DTLS, turns:example.org?transport=udp",
    "STUN:Example.ORG., STUN, example.org., 0, UDP, stun:example.org.",
    "stun:192.0.2.1, STUN, 192.0.2.1, 0, UDP, stun:192.0.2.1",
    "stun:[2001:DB8:0::1]:3478, STUN, 2001:db8::1, 3478, UDP, stun:[2001:db8::1]:3478",
    "turn:[::1], TURN, ::1, 0, UDP, turn:[::1]",
    "stun:xn--mller-kva.example:1, STUN, xn--mller-kva.example, 1, UDP, stun:xn--mller-kva.example:1",
  })
  void reads(String text, Scheme scheme, String host, int port, Transport transport, String shown) {
    StunUri uri = StunUri.parse(text);
    OptionalInt expected = port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
    assertEquals(new StunUri(scheme, host, expected, transport), uri);
    assertEquals(shown, uri.toString());
    assertEquals(uri, StunUri.parse(shown));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "example.org|it begins with stun:, stuns:, turn: or turns:",
        "''|it begins with stun:, stuns:, turn: or turns:",
        "http:example.org|it begins with stun:, stuns:, turn: or turns:",
        "stun://example.org|write stun:HOST without //",
        "stun:|it names no host",
        "stun::3478|it names no host",
        "stun:example.org:|after the host's colon stands a port, 1 to 65535",
        "stun:example.org:0|a port is 1 to 65535",
        "stun:example.org:65536|a port is 1 to 65535",
        "stun:example.org:123456|after the host's colon stands a port, 1 to 65535",
        "stun:example.org:+1|after the host's colon stands a port, 1 to 65535",
        "stun:2001:db8::1|an IPv6 address stands in brackets, as in [2001:db8::1]:3478",
        "stun:[2001:db8::1|the [ before an IPv6 address needs its ]",
        "stun:[2001:db8::1]3478|after ] stands a colon and a port, or nothing",
        "stun:[example.org]|between the brackets stands no IPv6 address",
        "stun:[192.0.2.1]|between the brackets stands no IPv6 address",
        "stun:[]|between the brackets stands no IPv6 address",
        "stun:user@example.org|its host is no DNS name and no IP address",
        "stun:exa mple|its host is no DNS name and no IP address",
        "stun:-a|its host is no DNS name and no IP address",
        "stun:a..b|its host is no DNS name and no IP address",
        "stun:192.0.2.256|its host is no DNS name and no IP address",
        "stun:1234|its host is no DNS name and no IP address",
        "stun:example.org?transport=udp|only turn: and turns: take a ?transport=",
        "turn:example.org?transport=sctp|after ? stands transport=udp or transport=tcp",
        "turn:example.org?|after ? stands transport=udp or transport=tcp",
        "stuns:192.0.2.1|a certificate is for a name: write stuns: with the server's host name",
        "stuns:[2001:db8::1]|a certificate is for a name: write stuns: with the server's host name",
      })
  void saysWhatIsWrongAndHowToMendIt(String text, String mend) {
    IllegalArgumentException fault =
        assertThrows(IllegalArgumentException.class, () -> StunUri.parse(text));
    assertEquals("\"" + text + "\" is no STUN or TURN URI: " + mend, fault.getMessage());
  }

  @Test
  void quotesNoMoreThanALineOfAnything() {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> StunUri.parse("\n\u0007" + "x".repeat(9999)))
                .getMessage());
    assertTrue(message.length() < 200);
    assertFalse(message.contains("\n"));
  }

  @Test
  void goesOverWhatItsSchemeAllows() {
    StunUri stun = StunUri.parse("stun:example.org");
    assertEquals(Transport.TCP, stun.over(Transport.TCP).transport());
    assertThrows(IllegalArgumentException.class, () -> stun.over(Transport.TLS));
    assertFalse(stun.isLiteral());
    assertTrue(StunUri.parse("stun:[::1]").isLiteral());
  }
}
