package dev.culvert.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.lab.spec.Profile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Known pairs of RFC 5128 and the literature on hole punching, and what theory leaves open. */
class ReachTheoryTest {

  @ParameterizedTest
  @CsvSource({
    "full, sym, direct",
    "arc, sym, direct",
    "arc, symseq, direct",
    "prc, prc, direct",
    "prc, sym, unreachable",
    "prc, adm, unreachable",
    "sym, sym, unreachable",
    "sym, symseq, unreachable",
    "adm, sym, unreachable",
    "open, sym, direct",
    "open, open, direct",
    "firewall, prc, direct",
    "firewall, sym, unreachable",
    "firewall, firewall, direct",
    "linux, prc, direct",
    "linux, linux, direct",
    "blocked, open, unreachable",
    "cgn-home, prc, direct",
    "cgn-home, sym, unreachable",
    "cgn-home, cgn-home, direct",
    "cgn-pair, cgn-pair, unreachable",
    "cgn-hairpin, cgn-hairpin, direct",
    "cgn-pair, cgn-hairpin, direct",
    "eim/eif/random@apdm/apdf/random, arc, direct",
    "eim/eif/random@apdm/apdf/random, full@prc, unreachable",
    "prc+timeout=2s, open, none",
    "apdm/eif/random, sym, none",
    "apdm/eif/random, prc, unreachable",
    "apdm/eif/random, arc, direct"
  })
  void knowsThePairs(String a, String b, String outcome) {
    assertEquals(outcome, expected(a, b));
    assertEquals(outcome, expected(b, a), "the other way round");
  }

  private static String expected(String a, String b) {
    return new ReachTheory()
        .of(List.of(Profile.parse(a), Profile.parse(b)))
        .map(Theory.Expected::outcome)
        .orElse("none");
  }
}
