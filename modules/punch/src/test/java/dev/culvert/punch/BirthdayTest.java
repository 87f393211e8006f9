package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Link;
import dev.culvert.natsim.PortRule;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One side draws random ports: how long it takes until they meet, and what that costs. */
class BirthdayTest {
  private static final int SEEDS = Integer.getInteger("punch.birthdays", 40);
  private static final Link LINE = Link.of(Duration.ofMillis(5));

  /** What the only other toolkit that does it needs, in seconds (34 of 34). */
  private static final double MEDIAN = 3.3;

  private static final double NINETIETH = 15.7;
  private static final double WORST = 37.5;

  @Test
  void isAheadInMedianNinetiethAndWorst() {
    List<Double> seconds = new ArrayList<>();
    List<List<SimKind>> pairs =
        List.of(
            List.of(SimKind.PRC, SimKind.SYM),
            List.of(SimKind.SYM, SimKind.FIREWALL),
            List.of(SimKind.ADM, SimKind.PRC));
    for (List<SimKind> kinds : pairs) {
      for (int seed = 0; seed < SEEDS; seed++) {
        seconds.add(run(kinds.get(0), kinds.get(1), seed).toMillis() / 1e3);
      }
    }
    seconds.sort(null);
    String all = "of " + seconds.size() + ": " + seconds;
    double median = seconds.get(seconds.size() / 2);
    double ninetieth = seconds.get(seconds.size() * 9 / 10);
    double worst = seconds.get(seconds.size() - 1);
    System.out.println(median + " " + ninetieth + " " + worst);
    assertTrue(median < MEDIAN && ninetieth < NINETIETH && worst < WORST, all);
  }

  private static Duration run(SimKind one, SimKind other, int seed) {
    SimPair pair = new SimPair(one, other, seed, LINE);
    PunchConfig config = PunchConfig.standard();
    pair.punch(config);
    assertEquals(PunchPlan.Kind.BIRTHDAY, pair.a.machine().attempt().plan().kind());
    boolean searches = pair.a.machine().attempt().plan().searches();
    SimPuncher searching = searches ? pair.a : pair.b;
    SimPuncher standing = searches ? pair.b : pair.a;
    assertTrue(pair.settle(), "seed " + seed);
    assertTrue(pair.isOpen(), () -> "seed " + seed + pair.a.events + pair.b.events);
    Duration took = pair.took();
    // The last few belong to the path that was found.
    List<MonotonicTime> probes =
        searching.sentAt.subList(0, Math.max(0, searching.sentAt.size() - 30));
    for (int i = config.perSecond(); i < probes.size(); i++) {
      Duration second = probes.get(i).since(probes.get(i - config.perSecond()));
      assertTrue(second.toMillis() >= 999, () -> "seed " + seed + " " + second);
    }
    assertTrue(standing.mostOpen <= config.sockets() && searching.mostOpen == 0, "seed " + seed);
    assertTrue(searching.machine().probes() <= config.probes() + 50, "seed " + seed);
    assertTrue(standing.open.size() <= 1, "losers are closed");
    return took;
  }

  /** A carrier that gives each customer a block of ports has few to search. */
  @Test
  void aSmallRangeIsSearchedFirst() {
    SimKind blocks = SimKind.SYM.with(PortRule.random().inBlocks(512));
    SimPair pair = new SimPair(SimKind.PRC, blocks, 5, LINE).punch(PunchConfig.standard());
    assertTrue(pair.settle() && pair.isOpen(), () -> pair.a.events + " " + pair.b.events);
    assertTrue(pair.a.machine().probes() < 100, () -> "after " + pair.a.machine().probes());
  }

  /** With no more sockets and probes than it is allowed, it says so and leaves nothing open. */
  @Test
  void endsWithItsBudget() {
    PunchConfig small = PunchConfig.standard().withSockets(4, 4).withProbes(20, 50);
    SimPair pair = new SimPair(SimKind.PRC, SimKind.SYM, 1, LINE).punch(small);
    assertTrue(pair.settle());
    PunchEvent.Failed failed = pair.a.failed().orElseThrow();
    assertEquals(PunchEvent.Cause.SILENCE, failed.cause());
    assertEquals("nothing of the peer came, after 20 packets toward it", failed.reason());
    assertEquals(20, pair.a.sent.stream().map(Output.Send::flow).distinct().count());
    pair.world.run(Duration.ofSeconds(60));
    assertEquals(4, pair.b.mostOpen);
    assertTrue(pair.b.open.isEmpty() && pair.b.machine().isOver());
  }
}
