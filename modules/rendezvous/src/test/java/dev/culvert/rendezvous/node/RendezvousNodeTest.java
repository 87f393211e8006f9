package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.node.Doorstep.Visitor;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.Frame.Code;
import dev.culvert.rendezvous.wire.Frame.Reason;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RendezvousNodeTest {
  private static final String HERE = "198.51.100.7";
  private static final String THERE = "203.0.113.9";
  private static final Duration LONG = Duration.ofMinutes(30);
  private static final Bytes NAMESPACE = Bytes.wrap(new byte[32]);

  private static Doorstep standard() {
    return new Doorstep(NodeConfig.standard());
  }

  private static Doorstep with(NodeLimits limits) {
    return new Doorstep(NodeConfig.standard().withLimits(limits));
  }

  private static void assertRefused(Visitor visitor, Code code, boolean closes) {
    assertEquals(code, visitor.next(Frame.Refusal.class).code());
    assertEquals(closes, visitor.isClosed());
  }

  @Test
  void whoProvesAKeyIsWelcomeAndSoIsTold() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    assertEquals(alice.flow.remote(), alice.welcome.orElseThrow().observed());
    assertEquals(List.of(new NodeEvent.Joined(alice.key.id())), door.events);
    assertEquals(1, door.node.counts().peers());
    alice.leave();
    assertEquals(new NodeEvent.Left(alice.key.id()), door.events.get(1));
    assertEquals(0, door.node.counts().connections());
  }

  @Test
  void whoDoesNotIsClosed() {
    Doorstep door = standard();
    Visitor mallory = door.visitor(HERE);
    PeerKey alice = PeerKey.generate(new Random(1));
    Frame.Auth own = mallory.auth(mallory.key, Optional.empty());
    mallory.say(
        new Frame.Auth(alice.id(), own.nonce(), own.url(), own.signature(), Optional.empty()));
    assertRefused(mallory, Code.UNPROVEN, true);
    assertEquals(1, door.node.counts().proofsFailed());
    assertEquals(List.of(), door.events);
    // What follows is nobody's.
    mallory.say(own);
    assertTrue(mallory.heardNothing());
  }

  @Test
  void aProofIsOfNoUseOnAnotherConnection() {
    Doorstep door = standard();
    Visitor alice = door.visitor(HERE);
    Frame.Auth proof = alice.auth(alice.key, Optional.empty());
    Visitor mallory = door.visitor(THERE);
    mallory.next(Frame.Hello.class);
    mallory.say(proof);
    assertRefused(mallory, Code.UNPROVEN, true);
  }

  @Test
  void whoCameUnderAnotherNameIsTurnedAway() {
    Doorstep door = new Doorstep(NodeConfig.standard().at(List.of("wss://other.example/")));
    Visitor alice = door.visitor(HERE);
    alice.say(alice.auth(alice.key, Optional.empty()));
    assertRefused(alice, Code.DENIED, true);
  }

  @Test
  void beforeTheProofNothingElseIsHeard() {
    Doorstep door = standard();
    Visitor stranger = door.visitor(HERE);
    stranger.next(Frame.Hello.class);
    stranger.say(new Frame.Ping(1));
    assertRefused(stranger, Code.UNPROVEN, true);
    Visitor silent = door.visitor(HERE);
    silent.next(Frame.Hello.class);
    door.pass(Duration.ofSeconds(9));
    assertFalse(silent.isClosed());
    assertEquals(
        Optional.of(Duration.ofSeconds(1)),
        door.node.nextDeadline().map(at -> at.since(door.now())));
    door.pass(Duration.ofSeconds(1));
    assertTrue(silent.isClosed());
    assertEquals(Optional.empty(), door.node.nextDeadline());
  }

  @Test
  void whoFallsSilentIsGone() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    Visitor bob = door.peer(THERE);
    door.pass(Duration.ofSeconds(59));
    bob.say(new Frame.Ping(9));
    assertEquals(new Frame.Pong(9), bob.next());
    door.pass(Duration.ofSeconds(1));
    assertTrue(alice.isClosed());
    assertFalse(bob.isClosed());
  }

  @Test
  void theSameKeyAgainTakesOver() {
    Doorstep door = standard();
    Visitor before = door.peer(HERE);
    Visitor again = door.visitor(THERE);
    again.say(again.auth(before.key, Optional.empty()));
    again.next(Frame.Welcome.class);
    assertRefused(before, Code.STALE, true);
    before.leave();
    Visitor bob = door.peer(HERE);
    bob.say(new Frame.Signal(5, before.key.id(), Bytes.of(1)));
    assertEquals(new Frame.Delivered(5), bob.next());
    assertEquals(new Frame.Said(bob.key.id(), Bytes.of(1)), again.next());
    assertEquals(2, door.node.counts().peers());
  }

  @Test
  void aRecordIsFoundUntilItExpires() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    Visitor bob = door.peer(THERE);
    bob.say(new Frame.Lookup(1, alice.key.id()));
    assertRefused(bob, Code.UNKNOWN, false);
    assertEquals(LONG, ((Frame.Registered) alice.register(3, LONG, List.of())).validity());
    bob.say(new Frame.Lookup(2, alice.key.id()));
    Frame.Found found = bob.next(Frame.Found.class);
    assertTrue(found.online());
    assertEquals(alice.key.id(), found.record().signer());
    alice.leave();
    bob.say(new Frame.Lookup(3, alice.key.id()));
    assertFalse(bob.next(Frame.Found.class).online());
    for (int i = 0; i < 31; i++) {
      door.pass(Duration.ofSeconds(59));
      bob.say(new Frame.Ping(1));
      bob.next(Frame.Pong.class);
    }
    bob.say(new Frame.Lookup(4, alice.key.id()));
    assertRefused(bob, Code.UNKNOWN, false);
    assertEquals(0, door.node.counts().records());
  }

  /** Nothing that anybody can ask for contains an address of somebody else. */
  @Test
  void noAddressIsEverTold() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    alice.register(1, LONG, List.of(NAMESPACE));
    Visitor bob = door.peer(THERE);
    bob.say(new Frame.Lookup(1, alice.key.id()));
    bob.say(new Frame.Discover(2, NAMESPACE, Optional.empty(), 5));
    alice.say(new Frame.Signal(3, bob.key.id(), Bytes.of(1)));
    for (int i = 0; i < 3; i++) {
      assertFalse(FrameText.write(bob.next()).utf8().contains(HERE));
    }
  }

  @Test
  void onlyTheNewestRecordOfAPeerCounts() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    assertInstanceOf(Frame.Registered.class, alice.register(7, LONG, List.of()));
    assertEquals(Code.STALE, ((Frame.Refusal) alice.register(6, LONG, List.of())).code());
    Duration other = LONG.plusSeconds(1);
    assertEquals(Code.STALE, ((Frame.Refusal) alice.register(7, other, List.of())).code());
    assertInstanceOf(Frame.Registered.class, alice.register(7, LONG, List.of()));
    assertInstanceOf(Frame.Registered.class, alice.register(8, LONG, List.of()));
    alice.say(new Frame.Unregister(1));
    assertEquals(new Frame.Done(1), alice.next());
    assertEquals(0, door.node.counts().records());
  }

  @Test
  void recordsOfOthersAndOddOnesAreRefused() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    Visitor bob = door.peer(THERE);
    bob.say(new Frame.Register(1, alice.record(1, LONG).sign(alice.key), List.of()));
    assertRefused(bob, Code.DENIED, false);
    Duration past = Duration.ofSeconds(-1);
    assertEquals(Code.STALE, ((Frame.Refusal) bob.register(1, past, List.of())).code());
    Duration beyond = Duration.ofMinutes(61);
    assertEquals(Code.DENIED, ((Frame.Refusal) bob.register(1, beyond, List.of())).code());
    List<Bytes> many = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      many.add(NAMESPACE);
    }
    assertEquals(Code.DENIED, ((Frame.Refusal) bob.register(1, LONG, many)).code());
    assertEquals(0, door.node.counts().records());
  }

  @Test
  void membersAreDiscoveredPageByPage() {
    Doorstep door = standard();
    Set<Object> wanted = new HashSet<>();
    for (int i = 0; i < 7; i++) {
      Visitor member = door.peer("10.0." + i + ".1");
      member.register(1, LONG, List.of(NAMESPACE));
      wanted.add(member.key.id());
    }
    Visitor elsewhere = door.peer(HERE);
    elsewhere.register(1, LONG, List.of(Bytes.wrap(new byte[32]).slice(1).concat(Bytes.of(1))));
    Set<Object> found = new HashSet<>();
    Optional<String> cookie = Optional.empty();
    for (int page = 0; page < 3; page++) {
      elsewhere.say(new Frame.Discover(page + 1, NAMESPACE, cookie, 3));
      Frame.Members members = elsewhere.next(Frame.Members.class);
      members.records().forEach(record -> found.add(record.signer()));
      cookie = members.cookie();
      assertEquals(page < 2, cookie.isPresent());
    }
    assertEquals(wanted, found);
  }

  @Test
  void whatIsNotDeliveredHasAReason() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    Visitor bob = door.peer(THERE);
    assertEquals(Optional.of(Reason.OFFLINE), reason(alice, PeerKey.generate(new Random(4))));
    assertEquals(Optional.empty(), reason(alice, bob.key));
    bob.next(Frame.Said.class);
    bob.writable(false);
    assertEquals(Optional.of(Reason.BUSY), reason(alice, bob.key));
    bob.writable(true);
    bob.say(new Frame.Block(1, List.of(alice.key.id())));
    assertEquals(new Frame.Done(1), bob.next());
    assertEquals(Optional.of(Reason.BLOCKED), reason(alice, bob.key));
    bob.register(1, LONG, List.of());
    alice.say(new Frame.Lookup(2, bob.key.id()));
    assertFalse(alice.next(Frame.Found.class).online());
    bob.say(new Frame.Block(2, List.of()));
    bob.next(Frame.Done.class);
    assertEquals(Optional.empty(), reason(alice, bob.key));
    assertEquals(2, door.node.counts().signalsDelivered());
    assertEquals(3, door.node.counts().signalsRefused());
  }

  private static Optional<Reason> reason(Visitor from, PeerKey to) {
    from.say(new Frame.Signal(from.id(), to.id(), Bytes.of(1)));
    return from.next() instanceof Frame.Undeliverable its
        ? Optional.of(its.reason())
        : Optional.empty();
  }

  @Test
  void nobodyIsFlooded() {
    Doorstep door = with(new NodeLimits(100, 100, 100, 1000, 100, 8, 5, 10, 15));
    Visitor bob = door.peer(THERE);
    Visitor alice = door.peer(HERE);
    for (int i = 0; i < 10; i++) {
      assertEquals(Optional.empty(), reason(alice, bob.key));
    }
    alice.say(new Frame.Signal(99, bob.key.id(), Bytes.of(1)));
    Frame.Refusal refusal = alice.next(Frame.Refusal.class);
    assertEquals(Code.TOO_OFTEN, refusal.code());
    assertTrue(refusal.retryAfter().orElseThrow().compareTo(Duration.ofSeconds(10)) < 0);
    // Others still reach Bob, but all together only so often.
    Visitor carol = door.peer("10.1.1.1");
    for (int i = 0; i < 5; i++) {
      assertEquals(Optional.empty(), reason(carol, bob.key));
    }
    assertEquals(Optional.of(Reason.QUOTA), reason(carol, bob.key));
    assertEquals(Optional.empty(), reason(carol, alice.key));
    door.pass(Duration.ofSeconds(30));
    assertEquals(Optional.empty(), reason(carol, bob.key));
  }

  @Test
  void aNetworkHasItsShareAndNoMore() {
    Doorstep door = with(new NodeLimits(10, 3, 2, 1000, 100, 8, 5, 10, 15));
    door.peer("10.0.0.1");
    door.peer("10.0.0.2");
    Visitor third = door.visitor("10.0.0.3");
    third.say(third.auth(third.key, Optional.empty()));
    Frame.Refusal refusal = third.next(Frame.Refusal.class);
    assertEquals(Code.TOO_OFTEN, refusal.code());
    assertTrue(refusal.retryAfter().isPresent());
    assertTrue(third.isClosed());
    door.visitor("10.0.0.4").next(Frame.Hello.class);
    assertRefused(door.visitor("10.0.0.5"), Code.UNAVAILABLE, true);
    door.visitor("10.0.1.5").next(Frame.Hello.class);
    door.visitor("2001:db8::1").next(Frame.Hello.class);
    for (int i = 0; i < 5; i++) {
      // Nobody can be this host but this host.
      door.visitor("127.0.0.1").next(Frame.Hello.class);
    }
    assertRefused(door.visitor("10.0.2.5"), Code.UNAVAILABLE, true);
  }

  @Test
  void whoWasHereComesBackBeforeStrangers() {
    Doorstep door = with(new NodeLimits(100, 100, 1, 1000, 100, 8, 5, 10, 15));
    Visitor alice = door.peer("10.0.0.1");
    Bytes token = alice.welcome.orElseThrow().resume();
    Visitor stranger = door.visitor("10.0.0.2");
    stranger.say(stranger.auth(stranger.key, Optional.of(Bytes.of(1, 2, 3))));
    assertRefused(stranger, Code.TOO_OFTEN, true);
    Visitor again = door.visitor("10.0.0.1");
    again.say(again.auth(alice.key, Optional.of(token)));
    again.next(Frame.Welcome.class);
  }

  @Test
  void aStolenTokenIsOfNoUse() {
    Doorstep door = with(new NodeLimits(100, 100, 1, 1000, 100, 8, 5, 10, 15));
    Visitor alice = door.peer("10.0.0.1");
    Bytes token = alice.welcome.orElseThrow().resume();
    // With the thief's own key it is no token, and for Alice's there is no proof.
    Visitor thief = door.visitor("10.0.0.2");
    thief.say(thief.auth(thief.key, Optional.of(token)));
    assertRefused(thief, Code.TOO_OFTEN, true);
    Visitor liar = door.visitor("10.0.0.3");
    Frame.Auth own = liar.auth(liar.key, Optional.of(token));
    liar.say(new Frame.Auth(alice.key.id(), own.nonce(), own.url(), own.signature(), own.resume()));
    assertRefused(liar, Code.UNPROVEN, true);
    assertFalse(alice.isClosed());
  }

  @Test
  void allAreSentElsewhereBeforeItGoes() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    door.node.drain(List.of("wss://b.example/"), Duration.ofSeconds(20), door.now());
    door.pass(Duration.ZERO);
    Frame.Redirect redirect = alice.next(Frame.Redirect.class);
    assertEquals(List.of("wss://b.example/"), redirect.urls());
    assertRefused(door.visitor(THERE), Code.UNAVAILABLE, true);
    door.pass(Duration.ofSeconds(19));
    assertFalse(alice.isClosed());
    door.pass(Duration.ofSeconds(1));
    assertTrue(alice.isClosed());
  }

  @Test
  void whatIsNotUnderstoodIsAnsweredIfItHasAnId() {
    Doorstep door = standard();
    Visitor alice = door.peer(HERE);
    alice.sayText(Bytes.utf8("{\"t\":\"dance\",\"id\":12}"));
    assertEquals(Optional.of(12L), alice.next(Frame.Refusal.class).re());
    assertFalse(alice.isClosed());
    alice.sayText(Bytes.utf8("dance"));
    assertRefused(alice, Code.MALFORMED, true);
    assertEquals(2, door.node.counts().malformed());
  }

  @Test
  void garbageNeverThrowsAndLeavesNothingBehind() {
    Doorstep door = standard();
    Random random = new Random(9);
    for (int i = 0; i < 3000; i++) {
      Visitor visitor = random.nextBoolean() ? door.peer(HERE) : door.visitor(HERE);
      for (int n = 0; n < 3; n++) {
        byte[] text =
            FrameText.write(
                    random.nextBoolean()
                        ? new Frame.Signal(1, visitor.key.id(), Bytes.of(1))
                        : new Frame.Discover(1, NAMESPACE, Optional.of("x"), 9))
                .toByteArray();
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
        visitor.sayText(Bytes.wrap(text));
      }
      visitor.leave();
      if (i % 50 == 0) {
        door.pass(Duration.ofSeconds(30));
      }
    }
    assertEquals(0, door.node.counts().connections());
    assertEquals(0, door.node.counts().peers());
  }
}
