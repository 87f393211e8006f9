package dev.culvert.sansio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MonotonicTimeTest {

  @Test
  void ordersAcrossAnOverflowOfTheCounter() {
    MonotonicTime before = new MonotonicTime(Long.MAX_VALUE - 1);
    MonotonicTime after = before.plus(Duration.ofNanos(3));
    assertTrue(before.isBefore(after));
    assertFalse(after.isBefore(before));
    assertEquals(Duration.ofNanos(3), after.since(before));
  }
}
