package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.punch.PortRule.Order;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortSeriesTest {
  private static final MonotonicTime START = new MonotonicTime(0);

  /** A port each 100 ms, from local ports that are nothing like them. */
  private static PortSeries of(int... externals) {
    PortSeries series = new PortSeries();
    for (int i = 0; i < externals.length; i++) {
      series.add(i + 1, externals[i], START.plus(Duration.ofMillis(100L * i)));
    }
    return series;
  }

  @Test
  void stepsAreFound() {
    assertEquals(PortRule.sequential(1, 0), of(40_000, 40_001, 40_002, 40_003).rule());
    assertEquals(PortRule.sequential(2, 0), of(40_001, 40_003, 40_005, 40_007).rule());
    assertEquals(PortRule.sequential(-3, 0), of(40_009, 40_006, 40_003, 40_000).rule());
  }

  /** Two others in 300 ms are some seven a second. */
  @Test
  void othersBetweenAreCounted() {
    PortRule rule = of(40_000, 40_002, 40_003, 40_005).rule();
    assertEquals(1, rule.step());
    assertEquals(20 / 3.0, rule.crowd(), 0.001);
    assertEquals("sequential (step 1, others take 7/s)", rule.toString());
    PortRule wide = of(40_000, 40_004, 40_012, 40_016, 40_020).rule();
    assertEquals(4, wide.step());
    assertEquals(2.5, wide.crowd(), 0.001);
  }

  @Test
  void oneWayRoundIsNoMisfit() {
    assertEquals(PortRule.sequential(1, 0), of(65_533, 65_534, 65_535, 1024, 1025).rule());
    assertEquals(PortRule.sequential(-1, 0), of(1026, 1025, 1024, 65_535, 65_534).rule());
    assertEquals(1024, PortRule.sequential(1, 0).after(65_535, 1));
    assertEquals(65_535, PortRule.sequential(-1, 0).after(1024, 1));
    assertEquals(40_001, PortRule.sequential(3, 0).within(40_000, 40_009).after(40_008, 1));
  }

  @Test
  void parityLooksLikeOthersBetween() {
    PortRule rule = of(40_000, 40_002, 40_003, 40_004, 40_006).rule();
    assertEquals(Order.SEQUENTIAL, rule.order());
    assertEquals(1, rule.step());
  }

  @Test
  void keptPortsAreFound() {
    PortSeries series = new PortSeries();
    for (int port : new int[] {5000, 6000, 7000, 8000}) {
      series.add(port, port == 7000 ? 1025 : port, START);
    }
    assertEquals(Order.PRESERVING, series.rule().order());
  }

  @Test
  void randomPortsFollowNothing() {
    int whole = 0;
    for (int seed = 0; seed < 1000; seed++) {
      Random random = new Random(seed);
      int[] ports = random.ints(7, 1024, 65_536).toArray();
      PortRule rule = of(ports).rule();
      assertEquals(PortRule.Order.RANDOM, rule.order(), "seed " + seed);
      whole += rule.equals(PortRule.random()) ? 1 : 0;
    }
    assertTrue(whole > 900, "taken for all ports: " + whole);
  }

  @Test
  void whatASystemKeepsForItselfIsNotTakenForAllPorts() {
    for (int seed = 0; seed < 200; seed++) {
      int[] ports = new Random(seed).ints(4, 32_768, 61_000).toArray();
      PortRule rule = of(ports).rule();
      if (rule.order() == PortRule.Order.RANDOM) {
        assertTrue(rule.low() > PortRule.LOWEST, "seed " + seed + " " + rule.low());
      }
    }
  }

  /** Where all lie together, only what is near is searched, and all that was seen is in there. */
  @Test
  void aBlockIsSeen() {
    PortRule rule = of(50_100, 50_020, 50_400, 50_010, 50_300, 50_200).rule();
    assertEquals(Order.RANDOM, rule.order());
    assertTrue(rule.low() <= 50_010 && rule.low() > 49_000, "" + rule.low());
    assertTrue(rule.high() >= 50_400 && rule.high() < 51_000, "" + rule.high());
  }

  @Test
  void littleIsNoRule() {
    assertEquals(PortRule.unknown(), of(40_000, 40_001, 40_002).rule());
    assertTrue(new PortSeries().newest(START).isEmpty());
    PortSighting newest = of(1, 2, 3).newest(START.plus(Duration.ofMillis(700))).orElseThrow();
    assertEquals(new PortSighting(3, Duration.ofMillis(500)), newest);
  }

  /** Whatever a series tells, a rule comes out of it that can be used. */
  @Test
  void noSeriesIsTooStrange() {
    Random random = new Random(7);
    for (int run = 0; run < 5000; run++) {
      PortSeries series = new PortSeries();
      int width = 1 << (1 + random.nextInt(16));
      for (int i = random.nextInt(80); i > 0; i--) {
        int port = 1 + random.nextInt(width - 1 > 0 ? width - 1 : 1);
        series.add(random.nextInt(65_536), port, START.plus(Duration.ofNanos(random.nextInt(9))));
      }
      PortRule rule = series.rule();
      int next = rule.after(30_000, random.nextInt(1000));
      assertTrue(next >= rule.low() && next <= rule.high(), "" + rule);
    }
  }
}
