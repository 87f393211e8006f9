package dev.culvert.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.Profile;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A relay is reached from everywhere, or nothing is. */
class RelayTheoryTest {

  @ParameterizedTest
  @CsvSource({
    "sym, sym, relayed, over UDP",
    "blocked, sym, relayed, over TCP",
    "prc+traffic=nothing, open, unreachable, reaches nobody",
    "open, blocked@prc+traffic=nothing, unreachable, reaches nobody"
  })
  void knowsThePairs(String a, String b, String outcome, String why) {
    Theory.Expected expected =
        new RelayTheory().of(List.of(Profile.parse(a), Profile.parse(b))).orElseThrow();
    assertEquals(outcome, expected.outcome());
    assertTrue(expected.why().contains(why), expected.why());
  }
}
