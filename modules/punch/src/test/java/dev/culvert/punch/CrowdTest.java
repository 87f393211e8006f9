package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.PortRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sequential NATs that other hosts use as well. */
class CrowdTest {
  private static final Link LINE = Link.of(Duration.ofMillis(20));
  private static final int SEEDS = Integer.getInteger("punch.crowds", 10);

  private static int opened(SimKind one, SimKind other, PunchPlan.Kind kind) {
    int opened = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      SimPair pair = new SimPair(one, other, seed, LINE).punch(PunchConfig.standard());
      assertEquals(kind, pair.a.machine().attempt().plan().kind());
      assertTrue(pair.settle());
      opened += pair.isOpen() ? 1 : 0;
    }
    return opened;
  }

  @Test
  void oneSideIsFoundAmongOthers() {
    for (int crowd : new int[] {5, 20, 100}) {
      SimKind crowded = SimKind.SYMSEQ.crowded(crowd);
      assertEquals(SEEDS, opened(SimKind.PRC, crowded, PunchPlan.Kind.PREDICTION));
    }
  }

  @Test
  void twoSidesFindEachOtherAmongOthers() {
    for (int crowd : new int[] {0, 5, 20}) {
      SimKind crowded = SimKind.SYMSEQ.crowded(crowd);
      int opened = opened(SimKind.SYMSEQ.crowded(5), crowded, PunchPlan.Kind.DOUBLE_PREDICTION);
      assertTrue(opened * 10 >= SEEDS * 9, () -> opened + " beside " + crowd);
    }
  }

  /** Odd ports that stay odd leave gaps, which a side that has a steady address tries as well. */
  @Test
  void parityIsFoundByASteadySide() {
    SimKind kind = SimKind.SYMSEQ.with(PortRule.sequential(1).keepingParity());
    assertEquals(SEEDS, opened(kind, SimKind.FIREWALL, PunchPlan.Kind.PREDICTION));
  }

  /** Steps of other lengths, down as well as up. */
  @Test
  void otherRulesAreFoundToo() {
    for (PortRule rule :
        new PortRule[] {
          PortRule.sequential(2), PortRule.sequential(-1), PortRule.sequential(7),
        }) {
      SimKind kind = SimKind.SYMSEQ.with(rule);
      assertEquals(SEEDS, opened(kind, SimKind.FIREWALL, PunchPlan.Kind.PREDICTION), "" + rule);
      assertEquals(SEEDS, opened(kind, kind, PunchPlan.Kind.DOUBLE_PREDICTION), "" + rule);
    }
  }
}
