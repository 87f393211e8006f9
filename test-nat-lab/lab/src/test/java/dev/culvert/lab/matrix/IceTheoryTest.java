package dev.culvert.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.Profile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Direct where punching is, relayed elsewhere. */
class IceTheoryTest {

  private static Optional<Theory.Expected> expected(String a, String b) {
    return new IceTheory().of(List.of(Profile.parse(a), Profile.parse(b)));
  }

  @ParameterizedTest
  @CsvSource({
    "prc, prc, direct, its own first packet opens its filter",
    "sym, arc, direct, lets it in",
    "sym, sym, relayed, over UDP",
    "prc, sym, relayed, over UDP",
    "cgn-pair, cgn-pair, relayed, does not hairpin",
    "blocked, open, relayed, over TCP",
    "prc+traffic=nothing, open, unreachable, reaches nobody"
  })
  void knowsThePairs(String a, String b, String outcome, String why) {
    Theory.Expected its = expected(a, b).orElseThrow();
    assertEquals(outcome, its.outcome());
    assertTrue(its.why().contains(why), its.why());
  }

  @Test
  void saysNothingWherePunchingIsOpen() {
    assertEquals(Optional.empty(), expected("prc+timeout=1s", "prc"));
  }
}
