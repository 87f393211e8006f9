package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every pair of NATs in virtual time: what a plan fits is opened, and both sides say the same. */
class PunchMatrixTest {
  private static final int SEEDS = Integer.getInteger("punch.seeds", 3);

  private static Link line(long seed) {
    return Link.of(Duration.ofMillis(1 + new Random(seed).nextInt(60)));
  }

  @Test
  void whatAPlanFitsIsOpened() {
    List<SimKind> kinds = SimKind.all();
    Map<PunchPlan.Kind, Integer> pairs = new EnumMap<>(PunchPlan.Kind.class);
    for (int x = 0; x < kinds.size(); x++) {
      for (int y = x; y < kinds.size(); y++) {
        for (int seed = 0; seed < SEEDS; seed++) {
          PunchPlan.Kind kind = run(kinds.get(x), kinds.get(y), seed, line(seed));
          pairs.merge(kind, seed == 0 ? 1 : 0, Integer::sum);
        }
      }
    }
    assertEquals(
        Map.of(
            PunchPlan.Kind.NONE, 26,
            PunchPlan.Kind.REVERSAL, 32,
            PunchPlan.Kind.SIMULTANEOUS_OPEN, 25,
            PunchPlan.Kind.PREDICTION, 41,
            PunchPlan.Kind.DOUBLE_PREDICTION, 10,
            PunchPlan.Kind.BIRTHDAY, 37),
        pairs);
  }

  /** The profiles of the lab, each way round, where every twentieth packet is lost on each line. */
  @Test
  void lossDelaysAndDoesNotPrevent() {
    List<SimKind> kinds =
        List.of(
            SimKind.PRC, SimKind.FIREWALL, SimKind.ARC, SimKind.ADM, SimKind.SYM, SimKind.SYMSEQ);
    for (SimKind one : kinds) {
      for (SimKind other : kinds) {
        for (int seed = 100; seed < 100 + SEEDS; seed++) {
          Link line = line(seed).losing(0.05).jittering(Duration.ofMillis(10));
          run(one, other, seed, line);
        }
      }
    }
  }

  private static PunchPlan.Kind run(SimKind one, SimKind other, int seed, Link line) {
    SimPair pair = new SimPair(one, other, seed, line).punch(PunchConfig.standard());
    PunchPlan plan = pair.a.machine().attempt().plan();
    PunchPlan mirrored = pair.b.machine().attempt().plan();
    String what = one + " x " + other + ", seed " + seed + ": " + plan;
    assertEquals(plan.kind(), mirrored.kind(), what);
    assertTrue(pair.settle(), what);
    assertEquals(plan.isAttempted(), pair.isOpen(), () -> what + pair.a.events + pair.b.events);
    if (pair.isOpen()) {
      agree(pair, what);
    } else {
      assertEquals(plan.reason(), pair.b.failed().orElseThrow().reason(), what);
      assertEquals(List.of(), pair.a.sent, what);
    }
    return plan.kind();
  }

  /** Each is where the other says, losers are closed, and the path still works. */
  private static void agree(SimPair pair, String what) {
    PunchEvent.Opened a = pair.a.opened().orElseThrow();
    PunchEvent.Opened b = pair.b.opened().orElseThrow();
    assertEquals(a.seen(), b.flow().remote(), what);
    assertEquals(b.seen(), a.flow().remote(), what);
    assertTrue(Set.of(a.flow().id()).containsAll(pair.a.open), what);
    assertTrue(Set.of(b.flow().id()).containsAll(pair.b.open), what);
    assertFalse(pair.a.machine().isOver(), what);
    pair.world.run(Duration.ofSeconds(6));
    assertTrue(pair.a.machine().isOver() && pair.b.machine().isOver(), what);
    assertEquals(1, pair.a.events.size(), what);
    assertEquals(1, pair.b.events.size(), what);
  }
}
