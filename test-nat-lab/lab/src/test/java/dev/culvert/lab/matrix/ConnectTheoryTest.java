package dev.culvert.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.spec.Profile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Direct wherever at most one side has to be guessed, or both can be foretold. */
class ConnectTheoryTest {

  private static Optional<Theory.Expected> expected(String a, String b) {
    return new ConnectTheory().of(List.of(Profile.parse(a), Profile.parse(b)));
  }

  @ParameterizedTest
  @CsvSource({
    "prc, prc, direct, its own first packet opens its filter",
    "symseq, symseq, direct, both next ones are foretold",
    "prc, symseq, direct, the next is foretold",
    "sym, prc, direct, found by chance",
    "firewall, sym, direct, found by chance",
    "adm, prc, direct, found by chance",
    "sym, sym, relayed, both sides draw random ports",
    "adm, sym, relayed, both sides draw random ports",
    "symseq, sym, relayed, another port for each",
    "blocked, open, relayed, over TCP",
    "cgn-pair, cgn-pair, relayed, does not hairpin",
    "prc+traffic=nothing, open, unreachable, reaches nobody"
  })
  void knowsThePairs(String a, String b, String outcome, String why) {
    Theory.Expected its = expected(a, b).orElseThrow();
    assertEquals(outcome, its.outcome());
    assertTrue(its.why().contains(why), its.why());
  }

  @Test
  void leavesTwentyOnePairsOfTheProfilesToTheRelay() {
    Map<String, Long> counts =
        MatrixPlan.cellsOf(Shape.PAIRS, Profile.all()).stream()
            .map(cell -> new ConnectTheory().of(cell).orElseThrow().outcome())
            .collect(Collectors.groupingBy(outcome -> outcome, Collectors.counting()));
    assertEquals(Map.of("direct", 99L, "relayed", 21L), counts);
  }

  @Test
  void saysNothingWherePunchingIsOpen() {
    assertEquals(Optional.empty(), expected("prc+timeout=1s", "prc"));
  }
}
