package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerNamesTest {

  @ParameterizedTest
  @CsvSource({
    "a.example, a.example, true",
    "A.EXAMPLE, a.example, true",
    "*.example.org, a.example.org, true",
    "*.example.org, example.org, false",
    "*.example.org, a.b.example.org, false",
    "a*.example.org, ab.example.org, false",
    "*a.example.org, ba.example.org, false",
    "a.*.org, a.example.org, false",
    "*.*.org, a.example.org, false",
    "*.org, example.org, false",
    "*, example, false",
    "'', a.example, false",
    "b.example, a.example, false",
  })
  void comparesByRfc9525(String shown, String wanted, boolean matches) {
    assertEquals(matches, ServerNames.matches(shown, ServerNames.ascii(wanted)));
  }

  @Test
  void comparesInternationalNamesAsALabels() {
    assertEquals("xn--bcher-kva.example", ServerNames.ascii("Bücher.example."));
  }

  /** RFC 9525 §6.1: the common name does not count; our makers set it to the first name. */
  @Test
  void theCommonNameDoesNotCount() {
    var key =
        dev.culvert.identity.Certificates.selfMade(
            dev.culvert.identity.Keys.generateP256(Certified.RANDOM),
            Certified.spec(List.of(), List.of()),
            Certified.RANDOM);
    assertEquals("CN=culvert", key.certificate().getSubjectX500Principal().toString());
    UntrustedServerException refused =
        assertThrows(
            UntrustedServerException.class, () -> ServerNames.check(key.certificate(), "culvert"));
    assertEquals(
        "the server's certificate is for no name at all, not for culvert", refused.getMessage());
  }
}
