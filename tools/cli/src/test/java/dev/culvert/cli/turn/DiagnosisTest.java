package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {
  private static final TransportAddress SERVER = RelayWorld.at("203.0.113.10", 5349);
  private final Tap tap = new Tap(step -> {});

  private static Diagnosis over(Transport transport) {
    return new Diagnosis(SERVER, transport, RelayWorld.USER, () -> Instant.EPOCH);
  }

  @ParameterizedTest
  @CsvSource({
    "300, REDIRECT, another server",
    "400, PROTOCOL, see its log",
    "403, FORBIDDEN, rules for clients",
    "437, MISMATCH, fresh ones",
    "438, PROTOCOL, nonces",
    "440, NO_RELAYED_FAMILY, IP version",
    "441, CREDENTIALS, the password is wrong",
    "442, FORBIDDEN, does not relay UDP",
    "486, QUOTA, --limit-user-allocations",
    "500, CAPACITY, error of its own",
    "508, CAPACITY, --relay-ports"
  })
  void eachRefusalHasItsCauseAndMend(int code, Cause cause, String words) {
    Trouble why = over(Transport.UDP).failed(code, "the server says " + code, tap);
    assertEquals(cause, why.cause(), why.toString());
    assertTrue(why.line().contains(words), why.line());
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, REFUSED, nobody listens on TCP port 5349",
    "TIMED_OUT, NO_ANSWER, no connection to TCP port 5349 in time",
    "UNREACHABLE, NO_FAMILY, no way to 203.0.113.10",
    "PROHIBITED, UNREACHABLE, a firewall forbids it (words)",
    "FINISHED, CUT, closed the connection without an answer",
    "RESET, CUT, look for a firewall",
    "UNTRUSTED, CERTIFICATE, its certificate is not trusted (words)",
    "HANDSHAKE_FAILED, HANDSHAKE, the TLS handshake failed (words)",
    "OTHER, UNREACHABLE, words"
  })
  void eachEndOfAConnectionHasItsCauseAndMend(CloseCause how, Cause cause, String words) {
    tap.closed(new Input.Closed(1, how, "words"));
    Trouble why = over(Transport.TLS).failed(0, "TLS to it: words", tap);
    assertEquals(cause, why.cause(), why.toString());
    assertTrue(why.line().contains(words), why.line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a certificate of the server has expired (its own…)|renew it",
        "a certificate of the server is not valid yet|set the clock",
        "the server has another key than the pinned one: a, not b|changed on purpose",
        "no trusted authority vouches for it|name its authority with --ca",
        "the server's certificate is for b.example, not for a.example|--tls-name"
      })
  void eachFaultOfACertificateHasItsMend(String detail, String mend) {
    tap.closed(new Input.Closed(1, CloseCause.UNTRUSTED, detail));
    Trouble why = over(Transport.TLS).failed(0, "", tap);
    assertTrue(why.mend().contains(mend), why.line());
    assertTrue(why.what().contains(detail), why.line());
  }

  @Test
  void silenceOnAConnectionIsNotThatOfAPort() {
    assertTrue(over(Transport.TCP).silent(tap).what().contains("no connection to TCP port 5349"));
    tap.opened(new Flow(1, Transport.TCP, SERVER, SERVER));
    assertTrue(over(Transport.TCP).silent(tap).what().contains("nothing answers on it"));
  }

  @Test
  void tlsOnAPlainPortIsSeen() {
    tap.opened(new Flow(1, Transport.TCP, SERVER, SERVER));
    tap.hear(Bytes.of(0x15, 3, 3, 0, 2, 2, 10));
    tap.closed(new Input.Closed(1, CloseCause.FINISHED, ""));
    Trouble why = over(Transport.TCP).failed(0, "", tap);
    assertTrue(why.line().contains("it speaks TLS on this port: write turns:"), why.line());
  }

  @Test
  void aStrangersWordsFitOnALine() {
    Trouble why = over(Transport.UDP).failed(499, "a\nb\u001b[1m" + "x".repeat(500), tap);
    assertTrue(why.line().matches("\\P{Cntrl}{1,300}"), why.line());
  }
}
