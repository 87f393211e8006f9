package dev.culvert.rendezvous.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.rendezvous.client.Fate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a call that was given up, and comes late, is none of the next one's concern. */
class CallAfterCallTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CallWorld world = new CallWorld(42);
  private final CallWorld.Somebody alice = world.somebody(AcceptPolicy.nobody());
  private final CallWorld.Somebody bob = world.somebody(AcceptPolicy.open());

  /** The offer that was given up comes late, and rings nowhere: here everybody may call. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void anOfferThatWasGivenUpIsNoCallOfItsOwn(long seed) {
    CallWorld here = new CallWorld(seed);
    CallWorld.Somebody one = here.somebody(AcceptPolicy.open());
    CallWorld.Somebody other = here.somebody(AcceptPolicy.open());
    int[] offers = {0};
    here.carrier =
        (from, signal) ->
            new CallWorld.Fortune(
                List.of(Duration.ofMillis(offers[0]++ < 2 ? here.random.nextInt(3000) : 20)),
                Fate.DELIVERED);
    long call = one.call(other);
    long theirs = other.call(one);
    here.pass(MINUTE);
    assertEquals(Optional.empty(), one.end(call), "seed " + seed);
    assertEquals(Optional.empty(), other.end(theirs), "seed " + seed);
    CallsTest.assertTalk(one, other);
    assertEquals(List.of(), one.told(CallEvent.Asked.class));
    assertEquals(List.of(), other.told(CallEvent.Asked.class));
  }

  /** The end of a call that is given up comes before its offer, and ends no other. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndThatOvertakesItsOfferEndsThatCallAlone(boolean calledBack) {
    CallWorld.Somebody low =
        alice.id().key().hex().compareTo(bob.id().key().hex()) < 0 ? alice : bob;
    CallWorld.Somebody high = low == alice ? bob : alice;
    low.calls.policy(AcceptPolicy.open());
    high.calls.policy(AcceptPolicy.open());
    int[] said = {0};
    world.carrier =
        (from, signal) ->
            new CallWorld.Fortune(
                List.of(Duration.ofMillis(from == low && said[0]++ == 0 ? 700 : 20)),
                Fate.DELIVERED);
    long first = low.call(high);
    world.pass(Duration.ofMillis(30));
    low.calls.hangUp(first, CallEnd.CLOSED, world.now());
    world.pass(Duration.ofMillis(30));
    long second = calledBack ? high.call(low) : low.call(high);
    world.pass(MINUTE);
    assertEquals(Optional.empty(), (calledBack ? high : low).end(second));
    CallsTest.assertTalk(low, high);
    assertEquals(1, low.calls.size());
    assertEquals(1, high.calls.size());
  }

  /**
   * Calls that are over take nobody's place, though the other side is slow to say that it knows.
   */
  @Test
  void oneMayCallAgainRightAfterHangingUp() {
    alice.calls.policy(AcceptPolicy.open());
    world.carrier =
        (from, signal) ->
            new CallWorld.Fortune(
                List.of(Duration.ofMillis(world.random.nextInt(1500))), Fate.DELIVERED);
    for (int i = 0; i < 8; i++) {
      CallWorld.Somebody caller = i % 2 == 0 ? alice : bob;
      long call = caller.call(i % 2 == 0 ? bob : alice);
      world.pass(Duration.ofMillis(400));
      caller.calls.hangUp(call, CallEnd.CLOSED, world.now());
      assertEquals(
          List.of(),
          caller.told(CallEvent.Ended.class).stream()
              .filter(its -> its.reason() == CallEnd.QUOTA || its.reason() == CallEnd.BUSY)
              .toList());
    }
    world.pass(MINUTE);
    assertEquals(0, alice.calls.size() + bob.calls.size());
    long last = alice.call(bob);
    world.pass(MINUTE);
    assertEquals(Optional.empty(), alice.end(last));
  }
}
