package dev.culvert.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.IpLiterals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

  @Test
  void hostsAndPartsAreCounted() {
    Prefix homes = Prefix.parse("192.168.0.0/16");
    assertEquals("192.168.3.0/24", homes.sub(24, 3).toString());
    assertEquals("192.168.1.2", IpLiterals.format(homes.host(258), false));
    assertEquals(65536, homes.size());
    Prefix internet = Prefix.parse("2001:db8::/32");
    assertEquals("2001:db8:0:7::/64", internet.sub(64, 7).toString());
    assertEquals("2001:db8::ff", IpLiterals.format(internet.host(255), false));
    assertEquals(
        "255.255.255.255", IpLiterals.format(Prefix.parse("0.0.0.0/0").host(-1L >>> 32), false));
  }

  @Test
  void nothingBeyondTheRangeIsHandedOut() {
    Prefix small = Prefix.parse("198.51.100.248/29");
    assertEquals("198.51.100.255", IpLiterals.format(small.host(7), false));
    assertThrows(IllegalArgumentException.class, () -> small.host(8));
    assertThrows(IllegalArgumentException.class, () -> small.host(-1));
    assertThrows(IllegalArgumentException.class, () -> small.sub(30, 2));
    assertThrows(IllegalArgumentException.class, () -> small.sub(28, 0));
  }

  @Test
  void membershipEndsWithTheRange() {
    Prefix range = Prefix.parse("100.64.0.0/10");
    assertTrue(range.contains(range.host(range.size() - 1)));
    assertFalse(range.contains(IpLiterals.parse("100.128.0.0").orElseThrow()));
    assertFalse(range.contains(IpLiterals.parse("2001:db8::1").orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "192.0.2.0", "192.0.2.0/33", "192.0.2.1/24", "a/8", "::/129"})
  void whatMakesNoSenseIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> Prefix.parse(text));
  }
}
