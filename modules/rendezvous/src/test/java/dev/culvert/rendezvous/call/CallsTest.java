package dev.culvert.rendezvous.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final CallWorld world = new CallWorld(42);
  private final CallWorld.Somebody alice = world.somebody(AcceptPolicy.nobody());
  private final CallWorld.Somebody bob = world.somebody(AcceptPolicy.open());

  static void assertTalk(CallWorld.Somebody one, CallWorld.Somebody other) {
    List<CallEvent.Agreed> here = one.told(CallEvent.Agreed.class);
    List<CallEvent.Agreed> there = other.told(CallEvent.Agreed.class);
    assertEquals(1, here.size(), here.toString());
    assertEquals(1, there.size(), there.toString());
    assertEquals(other.saying(), one.heard(here.get(0).call()));
    assertEquals(one.saying(), other.heard(there.get(0).call()));
    assertTrue(here.get(0).caller() ^ there.get(0).caller());
  }

  @Test
  void bothAgreeAndThenDescribeThemselves() {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(2));
    assertTalk(alice, bob);
    assertEquals(new CallEvent.Agreed(call, bob.id(), true), alice.events.get(0));
    CallEvent.Asked asked = bob.told(CallEvent.Asked.class).get(0);
    assertEquals(new CallEvent.Asked(asked.call(), alice.id(), Admission.OPEN), asked);
    assertEquals(List.of(), alice.told(CallEvent.Ringing.class));
    assertEquals(
        List.of(Duration.ofMillis(40)),
        alice.told(CallEvent.Measured.class).stream().map(CallEvent.Measured::roundTrip).toList());
    int all = world.said.size();
    world.pass(MINUTE);
    assertEquals(all, world.said.size(), "everything is acknowledged");
    assertTrue(all <= 7, all + " signals");
    assertEquals(Optional.empty(), alice.end(call));
  }

  @Test
  void oneWhoHasToThinkRingsMeanwhile() {
    bob.accepts = false;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(40));
    assertEquals(List.of(new CallEvent.Ringing(call)), alice.events);
    bob.calls.accept(bob.asked(), world.now());
    world.pass(Duration.ofSeconds(1));
    assertTalk(alice, bob);
  }

  @Test
  void nobodyRingsForever() {
    bob.accepts = false;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(62));
    assertEquals(Optional.of(CallEnd.DECLINED), alice.end(call));
    assertEquals(Optional.of(CallEnd.TIMED_OUT), bob.end(bob.asked()));
    world.pass(MINUTE);
    assertEquals(0, alice.calls.size() + bob.calls.size());
  }

  @Test
  void oneSaysNo() {
    bob.accepts = false;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    bob.calls.decline(bob.asked(), world.now());
    world.pass(Duration.ofSeconds(1));
    assertEquals(Optional.of(CallEnd.DECLINED), alice.end(call));
    assertEquals(0, alice.calls.size() + bob.calls.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneHangsUp(boolean caller) {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    long theirs = bob.asked();
    if (caller) {
      alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
    } else {
      bob.calls.hangUp(theirs, CallEnd.NO_PATH, world.now());
    }
    world.pass(Duration.ofSeconds(1));
    assertEquals(Optional.of(caller ? CallEnd.CLOSED : CallEnd.PEER_LEFT), alice.end(call));
    assertEquals(Optional.of(caller ? CallEnd.PEER_LEFT : CallEnd.NO_PATH), bob.end(theirs));
    assertEquals(0, alice.calls.size() + bob.calls.size());
  }

  @Test
  void hangingUpWhileItRingsEndsTheRinging() {
    bob.accepts = false;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
    world.pass(Duration.ofSeconds(1));
    assertEquals(Optional.of(CallEnd.PEER_LEFT), bob.end(bob.asked()));
  }

  // What the carrier does.

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatIsLostDoubledLateAndOutOfOrderArrivesOnceAndInOrder(long seed) {
    CallWorld rough = new CallWorld(seed);
    CallWorld.Somebody one = rough.somebody(AcceptPolicy.nobody());
    CallWorld.Somebody other = rough.somebody(AcceptPolicy.open());
    one.descriptions = 12;
    other.descriptions = 12;
    rough.carrier =
        (from, signal) -> {
          List<Duration> arrivals = new ArrayList<>();
          while (arrivals.size() < 3 && rough.random.nextInt(10) < 7) {
            arrivals.add(Duration.ofMillis(rough.random.nextInt(1500)));
          }
          Fate told = rough.random.nextInt(3) == 0 ? Fate.OFFLINE : Fate.DELIVERED;
          return new CallWorld.Fortune(arrivals, told);
        };
    long call = one.call(other);
    rough.pass(MINUTE.multipliedBy(3));
    assertEquals(Optional.empty(), one.end(call), "seed " + seed);
    assertTalk(one, other);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void theFirstTryOfAnySignalMayBeLost(int lost) {
    int[] count = {0};
    world.carrier =
        (from, signal) ->
            new CallWorld.Fortune(
                count[0]++ == lost ? List.of() : List.of(Duration.ofMillis(20)), Fate.DELIVERED);
    alice.call(bob);
    world.pass(Duration.ofSeconds(3));
    assertTalk(alice, bob);
  }

  @Test
  void whatIsSaidAgainSaysHowOften() {
    world.carrier = (from, signal) -> new CallWorld.Fortune(List.of(), Fate.DELIVERED);
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(29));
    assertEquals(
        List.of(0, 1, 2, 3, 4, 5), world.said.stream().map(CallOutput.Signal::attempt).toList());
    assertTrue(alice.lookups >= 3, "the other's key may be another by now");
    world.pass(Duration.ofSeconds(2));
    assertEquals(Optional.of(CallEnd.TIMED_OUT), alice.end(call));
    assertEquals(0, alice.calls.size());
  }

  @Test
  void whatWasSaidToSomebodyElseIsNothing() {
    CallWorld.Somebody eve = world.somebody(AcceptPolicy.open());
    world.carrier =
        (from, signal) -> {
          world.later(Duration.ofMillis(5), () -> eve.hear(from.id(), signal.sealed()));
          return new CallWorld.Fortune(List.of(), Fate.DELIVERED);
        };
    alice.call(bob);
    world.pass(Duration.ofSeconds(10));
    assertEquals(List.of(), eve.events);
    assertEquals(4, eve.calls.dropped());
  }

  @Test
  void whatIsSaidAgainByTheCarrierIsNothingNew() {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(2));
    alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
    world.pass(Duration.ofSeconds(2));
    int events = bob.events.size();
    List<CallOutput.Signal> before = List.copyOf(world.said);
    for (int i = 0; i < 40; i++) {
      world.pass(Duration.ofSeconds(5));
      for (CallOutput.Signal each : before) {
        world.person(each.to()).hear(alice.id(), each.sealed());
      }
    }
    world.pass(MINUTE);
    assertEquals(events, bob.events.size(), bob.events.toString());
    assertEquals(0, alice.calls.size() + bob.calls.size());
  }

  @Test
  void aCallThatIsUpOutlivesAllNodes() {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(2));
    world.carrier = (from, signal) -> new CallWorld.Fortune(List.of(), Fate.NO_NODE);
    alice.calls.describe(call, "restarted", world.now());
    world.pass(MINUTE.multipliedBy(3));
    assertEquals(Optional.empty(), alice.end(call));
    world.carrier =
        (from, signal) -> new CallWorld.Fortune(List.of(Duration.ofMillis(20)), Fate.DELIVERED);
    world.pass(Duration.ofSeconds(9));
    long theirs = bob.asked();
    assertEquals("restarted", bob.heard(theirs).get(1));
  }

  @Test
  void damagedSignalsAreDropped() {
    alice.call(bob);
    world.pass(Duration.ofMillis(15));
    Bytes sealed = world.said.get(0).sealed();
    for (int i = 0; i < sealed.length(); i += 7) {
      byte[] damaged = sealed.toByteArray();
      damaged[i] ^= 1;
      bob.hear(alice.id(), Bytes.wrap(damaged));
      bob.hear(alice.id(), sealed.slice(0, i));
    }
    bob.settle();
    assertEquals(List.of(), bob.events);
  }

  // Who may.

  private static final Bytes SECRET = Bytes.utf8("sixteen letters!");

  private enum Policy {
    OPEN,
    CONTACTS,
    INVITE,
    NOBODY
  }

  private enum Caller {
    STRANGER,
    CONTACT,
    INVITED,
    WRONGLY_INVITED,
    BLOCKED
  }

  @ParameterizedTest
  @EnumSource(Policy.class)
  void onlyWhoMayCallIsAnswered(Policy kind) {
    for (Caller caller : Caller.values()) {
      CallWorld here = new CallWorld(7);
      CallWorld.Somebody one = here.somebody(AcceptPolicy.nobody());
      AcceptPolicy contacts =
          AcceptPolicy.contacts(caller == Caller.CONTACT ? Set.of(one.id()) : Set.of());
      AcceptPolicy policy =
          switch (kind) {
            case OPEN -> AcceptPolicy.open();
            case CONTACTS -> contacts;
            case INVITE ->
                contacts.inviting(
                    List.of(new InviteSecret(SECRET, here.time().plus(MINUTE), false)));
            case NOBODY -> AcceptPolicy.nobody();
          };
      CallWorld.Somebody other =
          here.somebody(caller == Caller.BLOCKED ? policy.blocking(Set.of(one.id())) : policy);
      Optional<Bytes> secret =
          switch (caller) {
            case INVITED -> Optional.of(SECRET);
            case WRONGLY_INVITED -> Optional.of(Bytes.utf8("sixteen letters?"));
            default -> Optional.empty();
          };
      long call = one.calls.call(other.id(), secret, here.now());
      here.pass(Duration.ofSeconds(31));
      boolean may =
          switch (kind) {
            case OPEN -> caller != Caller.BLOCKED;
            case CONTACTS -> caller == Caller.CONTACT;
            case INVITE -> caller == Caller.CONTACT || caller == Caller.INVITED;
            case NOBODY -> false;
          };
      String what = kind + " " + caller;
      if (may) {
        assertTalk(one, other);
      } else {
        assertEquals(List.of(), other.events, what);
        assertEquals(List.of(), other.own, what + " is not answered at all");
        assertEquals(List.of(new CallEvent.Ended(call, other.id(), CallEnd.TIMED_OUT)), one.events);
        assertEquals(0, other.calls.size(), what);
        assertTrue(other.calls.refused() > 0, what);
      }
    }
  }

  // Why not.

  @Test
  void whyThereIsNoCallIsTold() {
    Map<Fate, CallEnd> ends =
        Map.of(
            Fate.OFFLINE, CallEnd.OFFLINE,
            Fate.BLOCKED, CallEnd.BLOCKED,
            Fate.QUOTA, CallEnd.QUOTA,
            Fate.BUSY, CallEnd.TIMED_OUT,
            Fate.NO_NODE, CallEnd.NO_NODE,
            Fate.DELIVERED, CallEnd.TIMED_OUT);
    Map<Fate, CallEnd> told = new HashMap<>();
    for (Fate fate : Fate.values()) {
      CallWorld here = new CallWorld(3);
      CallWorld.Somebody one = here.somebody(AcceptPolicy.nobody());
      CallWorld.Somebody other = here.somebody(AcceptPolicy.open());
      here.carrier = (from, signal) -> new CallWorld.Fortune(List.of(), fate);
      long call = one.call(other);
      here.pass(Duration.ofSeconds(31));
      told.put(fate, one.end(call).orElseThrow());
    }
    assertEquals(ends, told);
  }

  @Test
  void whomNobodyKnowsIsLookedUpAFewTimes() {
    bob.known = false;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(5));
    assertEquals(Optional.empty(), alice.end(call));
    world.pass(Duration.ofSeconds(4));
    assertEquals(Optional.of(CallEnd.UNKNOWN_PEER), alice.end(call));
    assertEquals(List.of(), world.said);
    assertTrue(alice.lookups >= 3 && alice.lookups <= 5);
  }

  @Test
  void oneWhoComesWhileItIsLookedUpIsReached() {
    bob.known = false;
    alice.call(bob);
    world.pass(Duration.ofSeconds(3));
    bob.known = true;
    world.pass(Duration.ofSeconds(3));
    assertTalk(alice, bob);
  }

  @Test
  void aRecordOfSomebodyElseEndsIt() {
    CallWorld.Somebody eve = world.somebody(AcceptPolicy.open());
    bob.wrong = Optional.of(eve.record());
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    assertEquals(Optional.of(CallEnd.NOT_WHO_IT_SAYS), alice.end(call));
    bob.wrong =
        Optional.of(
            new PeerRecord(
                bob.id(), Bytes.wrap(new byte[SealingKey.LENGTH]), 1, world.time().plus(MINUTE)));
    long other = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    assertEquals(Optional.of(CallEnd.NOT_WHO_IT_SAYS), alice.end(other), "that is no key");
    assertEquals(0, alice.calls.size());
  }

  @Test
  void nobodyCallsItself() {
    long call = alice.call(alice);
    alice.settle();
    assertEquals(Optional.of(CallEnd.UNKNOWN_PEER), alice.end(call));
  }

  // Both at once.

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whoCallEachOtherAtOnceHaveOneCall(long seed) {
    CallWorld here = new CallWorld(seed);
    // Neither would let the other through, but who calls wants to talk.
    CallWorld.Somebody one = here.somebody(AcceptPolicy.nobody());
    CallWorld.Somebody other = here.somebody(AcceptPolicy.nobody());
    here.carrier =
        (from, signal) ->
            new CallWorld.Fortune(
                here.random.nextInt(4) == 0
                    ? List.of()
                    : List.of(Duration.ofMillis(here.random.nextInt(300))),
                Fate.DELIVERED);
    long call = one.call(other);
    here.pass(Duration.ofMillis(here.random.nextInt(60)));
    long theirs = other.call(one);
    here.pass(MINUTE);
    assertEquals(Optional.empty(), one.end(call), "seed " + seed);
    assertEquals(Optional.empty(), other.end(theirs));
    assertTalk(one, other);
    assertEquals(1, one.calls.size());
    assertEquals(1, other.calls.size());
  }

  @Test
  void whoIsNotFoundIsAnsweredWhereItCallsFrom() {
    CallWorld.Somebody low =
        alice.id().key().hex().compareTo(bob.id().key().hex()) < 0 ? alice : bob;
    CallWorld.Somebody high = low == alice ? bob : alice;
    high.known = false;
    low.call(high);
    high.call(low);
    world.pass(Duration.ofSeconds(2));
    assertTalk(low, high);
  }

  @Test
  void callingOneWhoWaitsForAnAnswerIsTheAnswer() {
    bob.accepts = false;
    alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    assertEquals(bob.asked(), bob.call(alice));
    world.pass(Duration.ofSeconds(1));
    assertTalk(alice, bob);
  }

  // Keys.

  @Test
  void keysMayChangeDuringACall() {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 3; i++) {
      alice.rotate();
      alice.calls.describe(call, "a" + i, world.now());
      world.pass(Duration.ofSeconds(1));
      bob.rotate();
      bob.calls.describe(bob.asked(), "b" + i, world.now());
      world.pass(Duration.ofSeconds(1));
    }
    assertEquals(List.of("b0", "b1", "b2"), alice.heard(call).subList(1, 4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keysMayChangeTwiceWhileNobodySaysAnything(boolean isTold) {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 2; i++) {
      world.pass(MINUTE);
      bob.rotate();
      if (isTold) {
        bob.calls.keyChanged(world.now());
      }
    }
    world.pass(MINUTE);
    int lookups = alice.lookups;
    alice.calls.describe(call, "from elsewhere", world.now());
    world.pass(isTold ? Duration.ofMillis(100) : Duration.ofSeconds(4));
    assertEquals("from elsewhere", bob.heard(bob.asked()).get(1));
    assertEquals(isTold ? lookups : lookups + 1, alice.lookups);
    alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
    world.pass(Duration.ofMillis(100));
    assertEquals(Optional.of(CallEnd.PEER_LEFT), bob.end(bob.asked()));
    assertEquals(0, alice.calls.size() + bob.calls.size());
  }

  @Test
  void onePeerThatBeginsAnewIsReachedWithItsNewKey() {
    alice.call(bob);
    world.pass(Duration.ofMillis(15));
    bob.rotate();
    bob.old = List.of();
    world.pass(Duration.ofSeconds(8));
    assertTalk(alice, bob);
  }

  // Bounds.

  @Test
  void callsAreBounded() {
    CallConfig small = new CallConfig(Duration.ofSeconds(30), MINUTE, 2, 3, 6);
    CallWorld.Somebody busy = world.somebody(AcceptPolicy.open(), small);
    busy.accepts = false;
    for (int i = 0; i < 5; i++) {
      world.somebody(AcceptPolicy.nobody()).call(busy);
    }
    world.pass(Duration.ofSeconds(1));
    assertEquals(3, busy.told(CallEvent.Asked.class).size());
    Set<CallEnd> ends = new TreeSet<>();
    world
        .people
        .values()
        .forEach(each -> each.told(CallEvent.Ended.class).forEach(its -> ends.add(its.reason())));
    assertEquals(Set.of(CallEnd.BUSY), ends);
    assertTrue(busy.calls.size() <= 6);
    List<Long> own = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      own.add(busy.call(world.somebody(AcceptPolicy.open())));
    }
    busy.settle();
    assertTrue(busy.calls.size() <= 6);
    assertEquals(Optional.of(CallEnd.QUOTA), busy.end(own.get(5)));
  }

  /** It is one of those who may, and asks for one call after the other. */
  @Test
  void oneWhoAsksOnAndOnTakesNobodysPlace() {
    CallWorld.Somebody mallory = world.somebody(AcceptPolicy.nobody());
    bob.accepts = false;
    for (int i = 0; i < 240; i++) {
      Calls fresh = mallory.begin(AcceptPolicy.nobody(), CallConfig.STANDARD);
      fresh.call(bob.id(), Optional.empty(), world.now());
      CallOutput.Lookup lookup = (CallOutput.Lookup) fresh.pollOutput().orElseThrow();
      fresh.found(lookup.id(), bob.record(), world.now());
      CallOutput.Signal offer = (CallOutput.Signal) fresh.pollOutput().orElseThrow();
      bob.hear(mallory.id(), offer.sealed());
    }
    bob.settle();
    assertEquals(4, bob.told(CallEvent.Asked.class).size());
    assertEquals(4, bob.calls.size());
    assertEquals(1, bob.own.size(), "one refusal for all of them");
    assertEquals(List.of(), bob.told(CallEvent.Ended.class));
    bob.accepts = true;
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    assertEquals(1, alice.told(CallEvent.Agreed.class).size());
    assertEquals(Optional.empty(), alice.end(call));
  }

  @Test
  void strangersCostNoMoreThanSoMuch() {
    Strangers strangers = new Strangers();
    int taken = 0;
    for (int i = 0; i < 1000; i++) {
      taken += strangers.take(world.now()) ? 1 : 0;
    }
    assertEquals(200, taken);
    world.pass(Duration.ofSeconds(1));
    for (int i = 0; i < 1000; i++) {
      taken += strangers.take(world.now()) ? 1 : 0;
    }
    assertEquals(220, taken);
  }

  @Test
  void whoIsFloodedByStrangersIsReachedAllTheSame() {
    PeerId nobody = PeerKey.generate(world.random).id();
    for (int i = 0; i < 5000; i++) {
      bob.calls.said(nobody, Bytes.wrap(new byte[16]), world.now());
    }
    assertEquals(5000, bob.calls.dropped());
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(5));
    assertEquals(Optional.empty(), alice.end(call));
    assertTalk(alice, bob);
  }

  @Test
  void whatIsTooLongIsRefused() {
    long call = alice.call(bob);
    world.pass(Duration.ofSeconds(1));
    String longest = "x".repeat(8192 - 200);
    assertTrue(Calls.fits(longest));
    alice.calls.describe(call, longest, world.now());
    world.pass(Duration.ofSeconds(1));
    assertEquals(longest, bob.heard(bob.asked()).get(1));
    assertThrows(
        IllegalArgumentException.class,
        () -> alice.calls.describe(call, "x".repeat(8192), world.now()));
  }
}
