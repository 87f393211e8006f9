package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.node.Doorstep.Visitor;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.Frame.Code;
import dev.culvert.rendezvous.wire.Proof;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What many, or one very often, can do to a node: keep others waiting a little, and no more. */
class FloodTest {
  private static final Duration LONG = Duration.ofMinutes(30);

  /** Connections, of a network, proofs of a network, of all, records, namespaces, and so on. */
  private static Doorstep with(
      int connections, int proofsPerPrefix, int proofs, int records, int requests) {
    return new Doorstep(
        NodeConfig.standard()
            .withLimits(
                new NodeLimits(
                    connections, 100, proofsPerPrefix, proofs, records, 8, requests, 10, 15)));
  }

  private static String ip(int number) {
    return "10." + (number >> 8) + "." + (number & 255) + ".1";
  }

  @Test
  void whoConnectsAndSaysNothingTakesAPlaceForTenSeconds() {
    Doorstep door = with(50, 100, 1000, 100, 100);
    for (int i = 0; i < 500; i++) {
      door.visitor(ip(i));
      assertTrue(door.node.counts().connections() <= 50);
    }
    Visitor late = door.visitor(ip(600));
    assertEquals(Code.UNAVAILABLE, late.next(Frame.Refusal.class).code());
    door.pass(Duration.ofSeconds(10));
    assertEquals(0, door.node.counts().connections());
    door.peer(ip(601));
    assertEquals(1, door.node.counts().peers());
  }

  /** A signature costs far more to check than to make up. */
  @Test
  void wrongProofsAreLookedAtOnlySoOften() {
    Doorstep door = with(1000, 10, 1000, 100, 100);
    PeerKey alice = PeerKey.generate(new Random(3));
    for (int i = 0; i < 80; i++) {
      Visitor liar = door.visitor("10.0.0." + i);
      Frame.Auth own = liar.auth(liar.key, Optional.empty());
      liar.say(
          new Frame.Auth(alice.id(), own.nonce(), own.url(), own.signature(), Optional.empty()));
      assertTrue(liar.isClosed());
    }
    assertEquals(10, door.node.counts().proofsFailed());
    // Others do not wait for that network.
    door.peer("10.0.1.1");
  }

  /** A token costs one proof a day, and its owner comes back only so often. */
  @Test
  void whoStoleATokenDoesNotUseUpEverybodysProofs() {
    Doorstep door = with(1000, 10, 60, 100, 100);
    Visitor alice = door.peer("10.9.0.1");
    Optional<Bytes> token = Optional.of(alice.welcome.orElseThrow().resume());
    for (int i = 0; i < 90; i++) {
      Visitor thief = door.visitor("10.0.0." + i);
      Frame.Auth own = thief.auth(thief.key, token);
      thief.say(new Frame.Auth(alice.key.id(), own.nonce(), own.url(), own.signature(), token));
      assertTrue(thief.isClosed());
    }
    assertEquals(Gate.RETURNS + 10, door.node.counts().proofsFailed());
    door.peer("10.0.1.1");
    // Nor does it keep its owner out, who counts as a stranger for a while.
    Visitor again = door.visitor("10.9.0.1");
    again.say(again.auth(alice.key, token));
    again.next(Frame.Welcome.class);
  }

  /** What is not understood, and what is refused, has to be read all the same. */
  @Test
  void whoSaysTooMuchIsClosedWhateverItIs() {
    for (String text : List.of("{\"t\":\"dance\",\"id\":1}", "{\"t\":\"ping\",\"id\":1}")) {
      Doorstep door = with(1000, 1000, 1000, 100, 5);
      Visitor alice = door.peer("127.0.0.1");
      int heard = 1;
      Optional<Long> re = Optional.of(1L);
      while (heard < 100 && re.isPresent()) {
        heard++;
        alice.sayText(Bytes.utf8(text));
        Frame answer = alice.next();
        re = answer instanceof Frame.Refusal refusal ? refusal.re() : re;
        if (re.isEmpty()) {
          Frame.Refusal last = assertInstanceOf(Frame.Refusal.class, answer);
          assertEquals(Code.TOO_OFTEN, last.code());
          assertTrue(last.retryAfter().isPresent());
        }
      }
      assertEquals(2 * (5 + 10) + 1, heard);
      assertTrue(alice.isClosed());
      alice.sayText(Bytes.utf8(text));
      assertTrue(alice.heardNothing());
    }
  }

  @Test
  void aNetworkSaysOnlySoMuchOverAnyNumberOfConnections() {
    Doorstep door =
        new Doorstep(
            NodeConfig.standard()
                .withLimits(new NodeLimits(1000, 2, 1000, 1000, 100, 8, 100, 100, 100)));
    int answered = 0;
    for (int i = 0; i < 20; i++) {
      Visitor one = door.visitor("10.0.0." + i);
      one.say(one.auth(one.key, Optional.empty()));
      boolean welcome = one.next() instanceof Frame.Welcome;
      assertEquals(answered < 80, welcome);
      for (int n = 0; n < 9 && welcome; n++) {
        one.say(new Frame.Ping(1));
        assertEquals(new Frame.Pong(1), one.next());
      }
      answered += welcome ? 10 : 0;
      one.leave();
    }
    assertEquals(80, answered);
    for (String elsewhere : List.of("10.0.1.1", "127.0.0.1")) {
      Visitor other = door.peer(elsewhere);
      other.say(new Frame.Ping(1));
      assertEquals(new Frame.Pong(1), other.next());
    }
  }

  @Test
  void whoIsTurnedAwayIsToldAnotherTimeThanTheNext() {
    Doorstep door = with(1000, 1000, 1, 100, 100);
    door.peer(ip(0));
    Set<Duration> waits = new HashSet<>();
    for (int i = 1; i <= 100; i++) {
      Visitor late = door.visitor(ip(i));
      late.say(late.auth(late.key, Optional.empty()));
      Frame.Refusal refusal = late.next(Frame.Refusal.class);
      assertEquals(Code.TOO_OFTEN, refusal.code());
      waits.add(refusal.retryAfter().orElseThrow());
    }
    // To the second, over half a minute beyond the one that it takes in any case.
    assertTrue(waits.size() > 20, waits.toString());
    assertTrue(waits.stream().allMatch(wait -> wait.compareTo(Duration.ofSeconds(91)) <= 0));
  }

  /** A new connection is no new beginning. */
  @Test
  void aKeyAsksSoOftenAndNoMore() {
    Doorstep door = with(1000, 1000, 1000, 100, 5);
    PeerKey alice = PeerKey.generate(new Random(3));
    int refused = 0;
    for (int i = 0; i < 12; i++) {
      Visitor again = door.visitor(ip(i));
      again.say(again.auth(alice, Optional.empty()));
      again.next(Frame.Welcome.class);
      again.say(new Frame.Lookup(1, alice.id()));
      Frame.Refusal answer = again.next(Frame.Refusal.class);
      refused += answer.code() == Code.TOO_OFTEN ? 1 : 0;
      assertEquals(answer.code() == Code.TOO_OFTEN, answer.retryAfter().isPresent());
    }
    assertEquals(7, refused);
    Visitor bob = door.peer(ip(200));
    bob.say(new Frame.Ping(1));
    assertEquals(new Frame.Pong(1), bob.next());
  }

  @Test
  void recordsAreKeptUntilThereIsNoRoom() {
    Doorstep door = with(1000, 1000, 1000, 20, 100);
    List<Visitor> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(door.peer(ip(i)));
      Frame answer = all.get(i).register(1, LONG, List.of());
      if (i < 20) {
        assertInstanceOf(Frame.Registered.class, answer);
      } else {
        assertEquals(Code.UNAVAILABLE, ((Frame.Refusal) answer).code());
      }
    }
    assertEquals(20, door.node.counts().records());
    // Whoever is there may renew, and whoever goes makes room.
    assertInstanceOf(Frame.Registered.class, all.get(3).register(2, LONG, List.of()));
    all.get(0).say(new Frame.Unregister(7));
    all.get(0).next(Frame.Done.class);
    assertInstanceOf(Frame.Registered.class, all.get(30).register(1, LONG, List.of()));
  }

  /** Keys cost nothing; networks do. */
  @Test
  void oneNetworkDoesNotTakeAllRecords() {
    Doorstep door = with(1000, 1000, 1000, 160, 100);
    Visitor first = door.peer("10.0.0.1");
    assertInstanceOf(Frame.Registered.class, first.register(1, LONG, List.of()));
    int kept = 1;
    for (int i = 2; i < 60; i++) {
      Frame answer = door.peer("10.0.0." + i).register(1, LONG, List.of());
      kept += answer instanceof Frame.Registered ? 1 : 0;
    }
    assertEquals(10, kept);
    assertInstanceOf(Frame.Registered.class, first.register(2, LONG, List.of()));
    assertInstanceOf(Frame.Registered.class, door.peer("10.0.1.1").register(1, LONG, List.of()));
    // Whoever comes from elsewhere now, or goes, makes room there.
    Visitor moved = door.visitor("10.0.2.1");
    moved.say(moved.auth(first.key, Optional.empty()));
    moved.next(Frame.Welcome.class);
    moved.say(new Frame.Register(1, first.record(3, LONG).sign(first.key), List.of()));
    moved.next(Frame.Registered.class);
    Frame again = door.peer("10.0.0.99").register(1, LONG, List.of());
    assertInstanceOf(Frame.Registered.class, again);
    assertEquals(12, door.node.counts().records());
  }

  /** Bob speaks with Alice; then a crowd uses up what may be said to Bob. */
  @Test
  void whoSpeaksWithSomebodyIsHeardThroughAFlood() {
    Doorstep door = with(1000, 1000, 1000, 100, 100);
    Visitor bob = door.peer(ip(1));
    Visitor alice = door.peer(ip(2));
    bob.say(new Frame.Signal(1, alice.key.id(), Bytes.of(1)));
    assertEquals(new Frame.Delivered(1), bob.next());
    int delivered = 0;
    for (int i = 3; i < 40; i++) {
      Visitor one = door.peer(ip(i));
      one.say(new Frame.Signal(1, bob.key.id(), Bytes.of(2)));
      delivered += one.next() instanceof Frame.Delivered ? 1 : 0;
    }
    assertEquals(15, delivered);
    alice.next(Frame.Said.class);
    alice.say(new Frame.Signal(2, bob.key.id(), Bytes.of(3)));
    assertEquals(new Frame.Delivered(2), alice.next());
  }

  /** Each of a million networks comes once. */
  @Test
  void whatIsCountedOfWhomIsForgottenInTheEnd() {
    Buckets<Bytes> buckets = new Buckets<>(5);
    MonotonicTime now = new MonotonicTime(0);
    for (int i = 0; i < 300_000; i++) {
      assertTrue(buckets.take(Bytes.of(i >> 16, (i >> 8) & 255, i & 255), now));
    }
    assertTrue(buckets.size() <= 100_001, buckets.size() + " buckets");
    // As soon as they are full again they go as others come, four for one.
    MonotonicTime later = now.plus(Duration.ofMinutes(2));
    for (int i = 0; i < 60_000; i++) {
      buckets.take(Bytes.of(7), later);
    }
    assertTrue(buckets.size() < 10, buckets.size() + " buckets");
  }

  /** A node between the two has a peer sign for it, and shows that to the node that is meant. */
  @Test
  void aProofThatWasMadeForOneNodeIsNoneForAnother() {
    PeerKey alice = PeerKey.generate(new Random(3));
    PeerKey between = PeerKey.generate(new Random(4));
    Doorstep door = new Doorstep(NodeConfig.standard().at(List.of("wss://node.example/")));
    Visitor first = door.visitor(ip(1));
    Frame.Hello said = first.next(Frame.Hello.class);
    Bytes nonce = Bytes.wrap(new byte[Proof.NONCE]);
    // It says to be itself, with the other's nonce.
    Frame.Hello own = new Frame.Hello(between.id(), said.nonce(), said.time(), List.of());
    String url = "wss://node.example/";
    first.say(
        new Frame.Auth(
            alice.id(), nonce, url, Proof.ofPeer(alice, own, nonce, url), Optional.empty()));
    assertEquals(Code.UNPROVEN, first.next(Frame.Refusal.class).code());
    // It says to be the other; then Alice signs where she thinks that this is.
    Visitor second = door.visitor(ip(2));
    Frame.Hello passedOn = second.next(Frame.Hello.class);
    String elsewhere = "wss://between.example/";
    Bytes signature = Proof.ofPeer(alice, passedOn, nonce, elsewhere);
    second.say(new Frame.Auth(alice.id(), nonce, elsewhere, signature, Optional.empty()));
    assertEquals(Code.DENIED, second.next(Frame.Refusal.class).code());
    // And if it says where she should be, the signature does not hold.
    Visitor third = door.visitor(ip(3));
    Frame.Hello again = third.next(Frame.Hello.class);
    Bytes other = Proof.ofPeer(alice, again, nonce, elsewhere);
    third.say(new Frame.Auth(alice.id(), nonce, url, other, Optional.empty()));
    assertEquals(Code.UNPROVEN, third.next(Frame.Refusal.class).code());
    assertEquals(0, door.node.counts().peers());
  }
}
