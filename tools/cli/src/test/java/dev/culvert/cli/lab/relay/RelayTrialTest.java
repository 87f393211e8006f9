package dev.culvert.cli.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RelayTrialTest {
  private static final MonotonicTime START = new MonotonicTime(0);

  private final RelayTrial trial = new RelayTrial(7);

  @Test
  void countsWhatComesBackUnchangedAndOnce() {
    for (int number = 0; number <= 3; number++) {
      Bytes answer = RelayTrial.answer(trial.question(number, START)).orElseThrow();
      MonotonicTime later = START.plus(Duration.ofMillis(10 + number));
      trial.take(answer, later);
      trial.take(answer, later.plus(Duration.ofSeconds(1)));
    }
    assertEquals(3, trial.back(3));
    assertEquals(2, trial.back(2));
    assertEquals(Optional.of(Duration.ofMillis(12)), trial.median());
  }

  @Test
  void takesNothingElse() {
    Bytes question = trial.question(1, START);
    byte[] changed = RelayTrial.answer(question).orElseThrow().toByteArray();
    changed[changed.length - 1]++;
    trial.take(Bytes.wrap(changed), START);
    trial.take(question, START);
    trial.take(Bytes.empty(), START);
    trial.take(RelayTrial.answer(new RelayTrial(8).question(1, START)).orElseThrow(), START);
    assertFalse(trial.hasBack(1));
    assertTrue(trial.median().isEmpty());
    assertTrue(RelayTrial.answer(Bytes.utf8("!234567890123")).isEmpty());
    assertTrue(RelayTrial.answer(Bytes.utf8("?2345678901")).isEmpty());
  }
}
