package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.session.meet.MeetEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that go on: anew after the other side gave up its own, and over a path that is lost. */
class MeetAgainTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private static void assertTalk(SimCrowd crowd, SimCaller one, SimCaller other, String what) {
    one.send(one.lastCall(), what);
    other.send(other.lastCall(), what);
    crowd.until(Duration.ofSeconds(2), "data: " + what, () -> one.heard(what) && other.heard(what));
  }

  /** One hangs up after so many ms, the other one calls; nodes may be started anew meanwhile. */
  @ParameterizedTest
  @CsvSource({
    "1, 90, 10, false",
    "2, 90, 10, true",
    "3, 130, 60, false",
    "4, 130, 60, true",
    "5, 60, 5, false",
    "6, 60, 5, true",
  })
  void whoDidNotHangUpIsCalledAnew(long seed, int hangsUp, int calls, boolean nodesRestart) {
    for (boolean lower : List.of(true, false)) {
      SimCrowd crowd = new SimCrowd(seed, 3);
      SimCaller one = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
      SimCaller other = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
      boolean isLower = one.id().key().hex().compareTo(other.id().key().hex()) < 0;
      SimCaller fickle = isLower == lower ? one : other;
      SimCaller firm = fickle == one ? other : one;
      crowd.untilAttached(one, other);
      long left = fickle.call(firm);
      long[] wanted = new long[1];
      boolean[] agreed = new boolean[1];
      crowd.world.schedule(
          Duration.ofMillis(hangsUp),
          () -> {
            agreed[0] = !fickle.told(MeetEvent.Opened.class).isEmpty();
            fickle.hangUp(left);
          });
      crowd.world.schedule(Duration.ofMillis(calls), () -> wanted[0] = firm.call(fickle));
      if (nodesRestart) {
        crowd.world.schedule(
            Duration.ofMillis(hangsUp + 1),
            () ->
                crowd.nodes.forEach(
                    each -> {
                      each.kill();
                      each.start();
                    }));
      }
      crowd.world.run(Duration.ofSeconds(100));
      if (!agreed[0]) {
        assertEquals(Optional.empty(), firm.end(wanted[0]), firm.story());
        assertTrue(firm.connected() > 0 && fickle.connected() > 0, firm.story());
        assertEquals(1, firm.peer.session().links().size());
        assertEquals(1, fickle.peer.session().links().size());
        assertTalk(crowd, fickle, firm, "again");
      }
    }
  }

  /** Two who have a path, which may be cut, but for what nodes carry. */
  private static final class Pair {
    final SimCrowd crowd;
    final SimCaller caller;
    final SimCaller callee;
    boolean cut;

    Pair(long seed) {
      crowd = new SimCrowd(seed, 3);
      caller = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
      callee = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
      for (SimCaller each : List.of(caller, callee)) {
        each.swallows = send -> cut && send.flow().transport() == Transport.UDP;
      }
      crowd.untilAttached(caller, callee);
      caller.call(callee);
      crowd.until(SOON, "a path", () -> caller.connected() > 0 && callee.connected() > 0);
      crowd.world.run(Duration.ofSeconds(5));
    }

    long restarts() {
      return caller.told(MeetEvent.Session.class).stream()
          .filter(its -> its.event() instanceof SessionEvent.Restarted)
          .count();
    }
  }

  /** Nothing but what nodes carry passes for that long. */
  @ParameterizedTest
  @ValueSource(ints = {20, 40, 60})
  void aPathThatIsLostForAWhileIsFoundAgain(int seconds) {
    Pair pair = new Pair(seconds);
    pair.cut = true;
    pair.crowd.world.run(Duration.ofSeconds(seconds));
    pair.cut = false;
    pair.crowd.world.run(Duration.ofSeconds(30));
    assertTalk(pair.crowd, pair.caller, pair.callee, "back");
    assertEquals(1, pair.caller.connected());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatStaysLostIsGivenUp(boolean nodesToo) {
    Pair pair = new Pair(9);
    pair.cut = true;
    if (nodesToo) {
      pair.crowd.nodes.forEach(SimCrowd.Place::kill);
    }
    MonotonicTime before = pair.crowd.world.now();
    long call = pair.caller.lastCall();
    pair.crowd.until(Duration.ofMinutes(3), "the end", () -> pair.caller.end(call).isPresent());
    Duration after = pair.crowd.world.now().since(before);
    assertEquals(Optional.of(CallEnd.NO_PATH), pair.caller.end(call));
    assertFalse(after.compareTo(Duration.ofSeconds(40)) < 0, after.toString());
    assertTrue(pair.restarts() < 10, "" + pair.restarts());
  }
}
