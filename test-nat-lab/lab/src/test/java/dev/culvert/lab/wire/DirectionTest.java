package dev.culvert.lab.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DirectionTest {
  private static final int PACKETS = 20_000;

  private static BitSet lost(double loss, long seed) {
    Direction direction = new Direction(new Impairments(0, 0, loss, 0, 0, 0), seed);
    BitSet lost = new BitSet();
    for (int i = 0; i < PACKETS; i++) {
      OptionalLong due = direction.admit(i, 100);
      lost.set(i, due.isEmpty());
      due.ifPresent(arrival -> direction.left());
    }
    return lost;
  }

  @Test
  void theSeedDecidesWhichPacketsAreLost() {
    BitSet lost = lost(0.2, 7);
    assertEquals(lost, lost(0.2, 7));
    assertTrue(lost.cardinality() > 3700 && lost.cardinality() < 4300, "" + lost.cardinality());
    assertTrue(!lost.equals(lost(0.2, 8)));
    assertEquals(0, lost(0, 7).cardinality());
    assertEquals(PACKETS, lost(1, 7).cardinality());
  }

  @Test
  void delayAndJitterBoundTheArrival() {
    Direction direction = new Direction(new Impairments(1000, 100, 0, 0, 0, 0), 3);
    long least = Long.MAX_VALUE;
    long most = 0;
    for (int i = 0; i < 1000; i++) {
      long took = direction.admit(5_000, 100).orElseThrow() - 5_000;
      least = Math.min(least, took);
      most = Math.max(most, took);
    }
    assertTrue(least >= 900 && least < 920 && most <= 1100 && most > 1080, least + ".." + most);
  }

  @Test
  void aRateSpacesPackets() {
    Direction direction = new Direction(new Impairments(0, 0, 0, 0, 0, 8_000_000), 3);
    assertEquals(1_000_000, direction.admit(0, 1000).orElseThrow());
    assertEquals(2_000_000, direction.admit(0, 1000).orElseThrow());
    assertEquals(11_000_000, direction.admit(10_000_000, 1000).orElseThrow());
  }

  @Test
  void theQueueIsBounded() {
    Direction direction = new Direction(new Impairments(1_000_000, 0, 0, 0, 0, 0), 3);
    int admitted = 0;
    for (int i = 0; i < PACKETS; i++) {
      admitted += direction.admit(0, 100).isPresent() ? 1 : 0;
    }
    assertEquals(10_000, admitted);
    direction.left();
    assertTrue(direction.admit(0, 100).isPresent());
  }

  @Test
  void someFramesArriveTwiceAndSomeOvertakeOthers() {
    Direction direction = new Direction(new Impairments(1000, 0, 0, 0.1, 0.2, 0), 5);
    int twice = 0;
    int early = 0;
    for (int i = 0; i < PACKETS; i++) {
      early += direction.admit(0, 100).orElseThrow() == 0 ? 1 : 0;
      direction.left();
      if (direction.admitAgain(0, 100).isPresent()) {
        twice++;
        direction.left();
      }
    }
    assertTrue(twice > 1850 && twice < 2150, "" + twice);
    assertTrue(early > 3800 && early < 4200, "" + early);
  }
}
