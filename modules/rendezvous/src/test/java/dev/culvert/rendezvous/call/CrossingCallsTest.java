package dev.culvert.rendezvous.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.rendezvous.client.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both call each other at once and one of them hangs up: the other one, who has asked for no end,
 * gets its call.
 */
class CrossingCallsTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final List<Integer> MOMENTS = List.of(1, 12, 25, 35, 47, 55, 75, 130);

  /** What the carrier does. */
  private enum Harm {
    NONE,
    OFFER_LATE,
    BYE_LATE,
    BYE_LOST,
    ANSWERS_LATE,
    NODES_GONE,
    AT_RANDOM
  }

  /** Two who cross each other. */
  private static final class Crossing {
    private final CallWorld world;
    private final CallWorld.Somebody fickle;
    private final CallWorld.Somebody firm;
    private boolean hungUp;

    Crossing(long seed, boolean fickleIsLower) {
      world = new CallWorld(seed);
      CallWorld.Somebody one = world.somebody(AcceptPolicy.open());
      CallWorld.Somebody other = world.somebody(AcceptPolicy.open());
      boolean isLower = one.id().key().hex().compareTo(other.id().key().hex()) < 0;
      fickle = isLower == fickleIsLower ? one : other;
      firm = fickle == one ? other : one;
    }

    private void harm(Harm harm) {
      int[] said = {0, 0};
      int[] byes = {0};
      world.carrier =
          (from, signal) -> {
            boolean its = from == fickle;
            int number = said[its ? 0 : 1]++;
            boolean bye = its && hungUp && byes[0]++ < 2;
            int millis =
                switch (harm) {
                  case NONE -> 20;
                  case OFFER_LATE -> its && number == 0 ? 300 : 20;
                  case BYE_LATE -> bye ? 300 : 20;
                  case BYE_LOST -> bye ? -1 : 20;
                  case ANSWERS_LATE -> !its && number > 0 ? 120 : 20;
                  // Until whoever hung up says so no more.
                  case NODES_GONE ->
                      world.now().nanos() > 60_000_000 && world.now().nanos() < 12_000_000_000L
                          ? -1
                          : 20;
                  case AT_RANDOM -> world.random.nextInt(4) == 0 ? -1 : world.random.nextInt(200);
                };
            return new CallWorld.Fortune(
                millis < 0 ? List.of() : List.of(Duration.ofMillis(millis)), Fate.DELIVERED);
          };
    }

    /** One hangs up after some time; the other one calls then, and is told why not if so. */
    private Optional<CallEnd> run(int hangsUp, int calls) {
      long call = fickle.call(firm);
      long[] theirs = new long[1];
      world.later(
          Duration.ofMillis(hangsUp),
          () -> {
            hungUp = true;
            fickle.calls.hangUp(call, CallEnd.CLOSED, world.now());
          });
      world.later(Duration.ofMillis(calls), () -> theirs[0] = firm.call(fickle));
      world.pass(LONG);
      return firm.end(theirs[0]);
    }

    /** Calls once more, and hangs up. */
    void again(Duration at) {
      world.later(
          at,
          () -> {
            long call = fickle.call(firm);
            world.later(
                Duration.ofMillis(22),
                () -> fickle.calls.hangUp(call, CallEnd.CLOSED, world.now()));
          });
    }

    private boolean hadAgreed() {
      for (CallEvent each : fickle.events) {
        if (each instanceof CallEvent.Agreed) {
          return true;
        } else if (each instanceof CallEvent.Ended) {
          return false;
        }
      }
      return false;
    }

    private String story() {
      return "\nfirm: " + firm.events + "\nfickle: " + fickle.events;
    }

    private void assertTalk(String what) {
      List<CallEvent.Agreed> here = firm.told(CallEvent.Agreed.class);
      List<CallEvent.Agreed> there = fickle.told(CallEvent.Agreed.class);
      assertTrue(!here.isEmpty() && !there.isEmpty(), what + story());
      CallEvent.Agreed last = here.get(here.size() - 1);
      CallEvent.Agreed answer = there.get(there.size() - 1);
      assertEquals(fickle.saying(), firm.heard(last.call()), what + story());
      assertEquals(firm.saying(), fickle.heard(answer.call()), what);
      assertTrue(last.caller() ^ answer.caller(), what);
      assertEquals(1, firm.calls.size(), what);
      assertEquals(1, fickle.calls.size(), what);
    }
  }

  @ParameterizedTest
  @EnumSource(Harm.class)
  void whoDidNotHangUpGetsItsCall(Harm harm) {
    int reopened = 0;
    for (boolean fickleIsLower : List.of(true, false)) {
      for (int hangsUp : MOMENTS) {
        for (int calls : MOMENTS) {
          Crossing its = new Crossing(hangsUp * 1000L + calls, fickleIsLower);
          its.harm(harm);
          Optional<CallEnd> end = its.run(hangsUp, calls);
          String what = harm + " " + fickleIsLower + " " + hangsUp + " " + calls;
          int again = its.firm.told(CallEvent.Reopened.class).size();
          reopened += again;
          assertTrue(again <= 1, what);
          if (end.isPresent()) {
            assertTrue(its.hadAgreed(), what + its.story());
            assertEquals(CallEnd.PEER_LEFT, end.get(), what + its.story());
          } else if (harm != Harm.NODES_GONE || !its.hadAgreed()) {
            its.assertTalk(what);
          }
        }
      }
    }
    // The end of a call whose offer comes after it is the end of nothing.
    assertEquals(harm != Harm.OFFER_LATE, reopened > 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 12, 25, 35, 47})
  void whoIsDeclinedAfterwardsIsToldSo(int calls) {
    Crossing its = new Crossing(calls, true);
    its.fickle.accepts = false;
    its.world.later(
        Duration.ofSeconds(5), () -> its.fickle.calls.decline(its.fickle.asked(), its.world.now()));
    assertEquals(Optional.of(CallEnd.DECLINED), its.run(35, calls));
    assertEquals(0, its.fickle.calls.size() + its.firm.calls.size());
  }

  /** Nobody keeps another one calling by hanging up again and again. */
  @Test
  void aCallIsReopenedOnce() {
    Crossing its = new Crossing(5, true);
    its.fickle.accepts = false;
    its.run(35, 1);
    assertEquals(1, its.firm.told(CallEvent.Reopened.class).size());
    Crossing other = new Crossing(5, true);
    other.fickle.accepts = false;
    for (int i = 1; i < 4; i++) {
      other.again(Duration.ofMillis(41L * i));
    }
    Optional<CallEnd> end = other.run(35, 1);
    assertEquals(1, other.firm.told(CallEvent.Reopened.class).size(), other.story());
    assertTrue(end.isPresent(), other.story());
    assertEquals(0, other.firm.calls.size());
  }
}
