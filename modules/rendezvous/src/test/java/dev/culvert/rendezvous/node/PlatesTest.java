package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.rendezvous.node.Doorstep.Visitor;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlatesTest {
  private static final String HERE = "198.51.100.7";
  private static final String THERE = "203.0.113.9";
  private static final Bytes WORD = Bytes.utf8("word");
  private static final Bytes ANSWER = Bytes.utf8("answer");
  private static final int NUMBER = 4821;

  private final Doorstep door = new Doorstep(NodeConfig.standard());
  private final Visitor alice = door.peer(HERE);

  private static Frame.Code refused(Visitor visitor) {
    return visitor.next(Frame.Refusal.class).code();
  }

  private static void open(Visitor visitor, int number) {
    visitor.say(new Frame.OpenPlate(visitor.id(), number));
  }

  private static void knock(Visitor visitor) {
    visitor.say(new Frame.Knock(visitor.id(), NUMBER, WORD));
  }

  private static void say(Visitor visitor, int visit, Bytes data) {
    visitor.say(new Frame.PlateSay(visitor.id(), NUMBER, visit, data));
  }

  private static void leave(Visitor visitor, int visit) {
    visitor.say(new Frame.LeavePlate(visitor.id(), NUMBER, visit));
  }

  private static void ping(Visitor visitor) {
    visitor.say(new Frame.Ping(visitor.id()));
    visitor.next(Frame.Pong.class);
  }

  private void openOwn() {
    open(alice, NUMBER);
    assertEquals(Plates.LIFE, alice.next(Frame.Plate.class).validity());
  }

  private Visitor visit(int visit) {
    Visitor bob = door.peer(THERE);
    knock(bob);
    assertEquals(visit, bob.next(Frame.Knocked.class).visit());
    assertEquals(new Frame.PlateSaid(NUMBER, visit, WORD), alice.next());
    return bob;
  }

  @Test
  void whatTheTwoSayIsPassedOn() {
    openOwn();
    Visitor bob = visit(1);
    say(alice, 1, ANSWER);
    alice.next(Frame.Delivered.class);
    assertEquals(new Frame.PlateSaid(NUMBER, 1, ANSWER), bob.next());
    say(bob, 1, WORD);
    bob.next(Frame.Delivered.class);
    assertEquals(new Frame.PlateSaid(NUMBER, 1, WORD), alice.next());
    leave(bob, 1);
    bob.next(Frame.Done.class);
    assertEquals(new Frame.PlateLeft(NUMBER, 1), alice.next());
    say(bob, 1, WORD);
    assertEquals(Frame.Code.UNKNOWN, refused(bob));
    assertTrue(alice.heardNothing());
  }

  @Test
  void onlyOneVisitsAtATimeAndNobodyElseHasASay() {
    openOwn();
    Visitor bob = visit(1);
    Visitor mallory = door.peer(THERE);
    knock(mallory);
    Frame.Refusal refusal = mallory.next(Frame.Refusal.class);
    assertEquals(Frame.Code.UNAVAILABLE, refusal.code());
    assertTrue(refusal.retryAfter().isPresent());
    for (int visit = 0; visit < 3; visit++) {
      say(mallory, visit, WORD);
      assertEquals(Frame.Code.UNKNOWN, refused(mallory));
      leave(mallory, visit);
      assertEquals(Frame.Code.UNKNOWN, refused(mallory));
    }
    leave(bob, 0);
    assertEquals(Frame.Code.UNKNOWN, refused(bob));
    assertTrue(alice.heardNothing());
  }

  @Test
  void afterThreeVisitsThePlateIsGone() {
    openOwn();
    for (int visit = 1; visit <= Plates.VISITS; visit++) {
      Visitor bob = visit(visit);
      leave(alice, visit);
      alice.next(Frame.Done.class);
      assertEquals(new Frame.PlateLeft(NUMBER, visit), bob.next());
    }
    assertEquals(new Frame.PlateLeft(NUMBER, 0), alice.next());
    Visitor late = door.peer(THERE);
    knock(late);
    assertEquals(Frame.Code.UNKNOWN, refused(late));
  }

  @Test
  void aVisitorThatGoesAwayMakesRoom() {
    openOwn();
    visit(1).leave();
    assertEquals(new Frame.PlateLeft(NUMBER, 1), alice.next());
    Visitor bob = visit(2);
    alice.leave();
    assertEquals(new Frame.PlateLeft(NUMBER, 0), bob.next());
    say(bob, 2, WORD);
    assertEquals(Frame.Code.UNKNOWN, refused(bob));
  }

  @Test
  void aVisitThatDawdlesIsEndedAndAPlateExpires() {
    openOwn();
    Visitor bob = visit(1);
    door.pass(Plates.VISIT.minusSeconds(1));
    ping(bob);
    ping(alice);
    door.pass(Duration.ofSeconds(1));
    assertEquals(new Frame.PlateLeft(NUMBER, 1), bob.next());
    assertEquals(new Frame.PlateLeft(NUMBER, 1), alice.next());
    for (int i = 0; i < 9; i++) {
      ping(alice);
      door.pass(Duration.ofSeconds(59));
    }
    ping(alice);
    assertTrue(alice.heardNothing());
    door.pass(Duration.ofSeconds(9));
    assertEquals(new Frame.PlateLeft(NUMBER, 0), alice.next());
  }

  @Test
  void howMuchIsSaidIsBounded() {
    openOwn();
    Visitor bob = visit(1);
    say(bob, 1, Bytes.wrap(new byte[Frame.LONGEST_PLATE_DATA + 1]));
    assertEquals(Frame.Code.TOO_LONG, refused(bob));
    for (int i = 1; i < Plates.MESSAGES_PER_VISIT; i++) {
      say(bob, 1, Bytes.wrap(new byte[Frame.LONGEST_PLATE_DATA]));
      bob.next(Frame.Delivered.class);
      alice.next(Frame.PlateSaid.class);
    }
    say(bob, 1, WORD);
    assertEquals(Frame.Code.DENIED, refused(bob));
    assertTrue(alice.heardNothing());
  }

  @Test
  void soIsWhatAPeerHoldsAndWhoTriesNumbers() {
    openOwn();
    open(alice, NUMBER);
    assertEquals(Frame.Code.STALE, refused(alice));
    open(alice, NUMBER + 1);
    alice.next(Frame.Plate.class);
    open(alice, NUMBER + 2);
    assertEquals(Frame.Code.UNAVAILABLE, refused(alice));
    knock(alice);
    assertEquals(Frame.Code.DENIED, refused(alice));

    Visitor mallory = door.peer(THERE);
    for (int i = 0; i < Plates.KNOCKS_PER_PREFIX; i++) {
      mallory.say(new Frame.Knock(mallory.id(), i + 1, WORD));
      assertEquals(Frame.Code.UNKNOWN, refused(mallory));
    }
    Visitor sybil = door.peer("203.0.113.10");
    knock(sybil);
    Frame.Refusal refusal = sybil.next(Frame.Refusal.class);
    assertEquals(Frame.Code.TOO_OFTEN, refusal.code());
    door.pass(refusal.retryAfter().orElseThrow());
    knock(sybil);
    sybil.next(Frame.Knocked.class);
  }

  @Test
  void aNetworkHoldsSoManyPlatesAndNoMore() {
    open(alice, NUMBER);
    for (int i = 1; i < Plates.MOST_PER_PREFIX; i++) {
      Visitor sybil = door.peer(HERE);
      open(sybil, i);
      sybil.next(Frame.Plate.class);
    }
    Visitor last = door.peer(HERE);
    open(last, 999);
    assertEquals(Frame.Code.UNAVAILABLE, refused(last));
    Visitor elsewhere = door.peer(THERE);
    open(elsewhere, 999);
    elsewhere.next(Frame.Plate.class);
  }

  /** However it goes: given back, or with whoever held it. */
  @Test
  void whatIsHeldNoLongerMakesRoomForOneMoreAndNoMore() {
    open(alice, NUMBER);
    alice.next(Frame.Plate.class);
    List<Visitor> near = new ArrayList<>();
    for (int i = 1; i < Plates.MOST_PER_PREFIX; i++) {
      Visitor sybil = door.peer(HERE);
      open(sybil, i);
      sybil.next(Frame.Plate.class);
      near.add(sybil);
    }
    alice.say(new Frame.LeavePlate(alice.id(), NUMBER, 0));
    alice.next(Frame.Done.class);
    near.get(0).leave();
    for (int i = 0; i < 2; i++) {
      open(alice, NUMBER + i);
      alice.next(Frame.Plate.class);
    }
    open(near.get(1), 999);
    assertEquals(Frame.Code.UNAVAILABLE, refused(near.get(1)));
  }

  @Test
  void whoCannotTakeItIsNotGivenMore() {
    openOwn();
    Visitor bob = visit(1);
    bob.writable(false);
    say(alice, 1, ANSWER);
    assertEquals(Frame.Reason.BUSY, alice.next(Frame.Undeliverable.class).reason());
    leave(alice, 1);
    alice.next(Frame.Done.class);
    alice.writable(false);
    Visitor carol = door.peer(THERE);
    knock(carol);
    assertEquals(Optional.of(Duration.ofSeconds(5)), carol.next(Frame.Refusal.class).retryAfter());
  }
}
