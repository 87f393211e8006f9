package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NonceCookieTest {

  @Test
  void writesTheBitsFromTheLeft() {
    assertEquals("obMatJos2AAAA", NonceCookie.of().text());
    assertEquals("obMatJos2gAAA", NonceCookie.of(SecurityFeature.PASSWORD_ALGORITHMS).text());
    assertEquals("obMatJos2QAAA", NonceCookie.of(SecurityFeature.USERNAME_ANONYMITY).text());
    assertEquals("obMatJos2wAAA", new NonceCookie(Set.of(SecurityFeature.values())).text());
  }

  @Test
  void readsBackWhatItWroteAndOverUnknownBits() {
    NonceCookie both = new NonceCookie(Set.of(SecurityFeature.values()));
    assertEquals(Optional.of(both), NonceCookie.in(both.text() + "nonce"));
    assertEquals(Optional.of(both), NonceCookie.in("obMatJos2////"));
    assertTrue(NonceCookie.names("obMatJos2gAAAx", SecurityFeature.PASSWORD_ALGORITHMS));
    assertFalse(NonceCookie.names("obMatJos2gAAAx", SecurityFeature.USERNAME_ANONYMITY));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "obMatJos2", "obMatJos2AAA", "obMatJos2AA==", "obMatJos2A~AA", "x"})
  void findsNoneWhereThereIsNone(String nonce) {
    assertEquals(Optional.empty(), NonceCookie.in(nonce));
  }
}
