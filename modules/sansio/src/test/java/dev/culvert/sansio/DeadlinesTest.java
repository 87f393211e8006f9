package dev.culvert.sansio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private static final MonotonicTime BEGIN = new MonotonicTime(Long.MAX_VALUE - 5_000_000);

  private final Deadlines<String> deadlines = new Deadlines<>();

  private static MonotonicTime at(int millis) {
    return BEGIN.plus(Duration.ofMillis(millis));
  }

  @Test
  void tellsTheEarliestFirstAndThoseOfOneTimeInTheirOrder() {
    deadlines.set("late", Optional.of(at(30)));
    deadlines.set("one", Optional.of(at(10)));
    deadlines.set("other", Optional.of(at(10)));
    assertEquals(Optional.of(at(10)), deadlines.next());
    assertEquals(List.of(), deadlines.poll(at(9)));
    assertEquals(List.of("one", "other"), deadlines.poll(at(10)));
    assertEquals(List.of(), deadlines.poll(at(10)));
    assertEquals(Optional.of(at(30)), deadlines.next());
    deadlines.remove("late");
    assertEquals(Optional.empty(), deadlines.next());
  }

  /** Deadlines come and go at random, and the answers are those of whoever looks at all. */
  @Test
  void saysWhatLookingAtAllSays() {
    Random random = new Random(1);
    Map<String, Integer> all = new HashMap<>();
    int now = 0;
    for (int i = 0; i < 20_000; i++) {
      String key = "k" + random.nextInt(50);
      switch (random.nextInt(4)) {
        case 0 -> {
          all.remove(key);
          deadlines.remove(key);
        }
        case 1 -> {
          now += random.nextInt(3);
          Set<String> late = new TreeSet<>();
          for (Map.Entry<String, Integer> each : all.entrySet()) {
            if (each.getValue() <= now) {
              late.add(each.getKey());
            }
          }
          all.keySet().removeAll(late);
          assertEquals(late, new TreeSet<>(deadlines.poll(at(now))));
        }
        default -> {
          int when = now + random.nextInt(200);
          all.put(key, when);
          deadlines.set(key, Optional.of(at(when)));
        }
      }
      Optional<MonotonicTime> first =
          all.values().stream().min(Integer::compare).map(DeadlinesTest::at);
      assertEquals(first, deadlines.next());
    }
  }
}
