package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LotteryTest {
  private static final int ALL = PortRule.HIGHEST - PortRule.LOWEST + 1;
  private static final int SOCKETS = 256;

  private static Lottery lottery(PortRule rule, long seed) {
    return new Lottery(rule, new Random(seed));
  }

  @Test
  void drawsEachPortOnceAndThenAgain() {
    for (PortRule rule :
        new PortRule[] {PortRule.random(), PortRule.random().within(40_000, 40_063)}) {
      Lottery lottery = lottery(rule, 1);
      for (int round = 0; round < 2; round++) {
        BitSet drawn = new BitSet();
        for (int i = 0; i < rule.size(); i++) {
          drawn.set(lottery.next(Duration.ZERO));
        }
        assertEquals(rule.size(), drawn.cardinality());
        assertEquals(rule.low(), drawn.nextSetBit(0));
        assertEquals(rule.high(), drawn.length() - 1);
      }
    }
  }

  /** How many draws it takes on average to meet one of 256 ports, over 400 NATs. */
  private static double draws(PortRule told, int low, int size, int bits) {
    long sum = 0;
    for (int seed = 0; seed < 400; seed++) {
      Random nat = new Random(~seed);
      BitSet taken = new BitSet();
      while (taken.cardinality() < SOCKETS) {
        taken.set(low + nat.nextInt(1 << bits) % size);
      }
      Lottery lottery = lottery(told, seed);
      sum++;
      while (!taken.get(lottery.next(Duration.ZERO))) {
        sum++;
      }
    }
    return sum / 400.0;
  }

  @Test
  void meetsTheNatOfLinuxSoonerAndNoOtherLater() {
    double linux = draws(PortRule.random(), PortRule.LOWEST, ALL, 16);
    double even = draws(PortRule.random(), PortRule.LOWEST, ALL, 30);
    assertTrue(linux < 175, "Linux: " + linux);
    assertTrue(even > 220 && even < 285, "one that draws evenly: " + even);
  }

  @Test
  void aRangeOfASystemsOwnPortsIsSearchedAlone() {
    double own = draws(PortRule.random().within(32_768, 60_999), 32_768, 28_232, 30);
    assertTrue(own < 130, "from 32768 to 60999: " + own);
  }
}
