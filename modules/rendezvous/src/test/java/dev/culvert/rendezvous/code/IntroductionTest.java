package dev.culvert.rendezvous.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PasswordExchange.Role;
import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.code.IntroductionEvent.Cause;
import dev.culvert.rendezvous.code.Parlour.Person;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntroductionTest {
  private final Parlour parlour = new Parlour(1, 11);
  private final Person alice = parlour.host("Alice").attachToAll();

  private static Code otherWords(Code code) {
    return new Code(code.number(), code.second().equals("zoo") ? "zero" : "zoo", code.first());
  }

  private static void assertMet(Person one, Person other) {
    assertEquals(other.key.id(), one.met().peer());
    assertEquals(one.key.id(), other.met().peer());
    assertEquals(one.met().secret(), other.met().secret());
    assertEquals(other.card.name(), one.met().card().name());
    assertEquals(other.card.nodes().toString(), one.met().card().nodes().toString());
  }

  @Test
  void whoKnowTheCodeMeetAndTheNodeLearnsNothing() {
    Person bob = parlour.guest("Bob", alice.code()).attachToAll();
    assertMet(alice, bob);
    assertEquals(16, bob.met().secret().length());
    for (Bytes seen : parlour.seenByNodes) {
      String text = seen.utf8();
      for (String secret :
          List.of(alice.code().first(), alice.code().second(), "Alice", "node.example/A")) {
        assertFalse(text.contains("\"" + secret) || text.contains("-" + secret), text);
      }
    }
    assertFalse(bob.met().toString().contains(bob.met().secret().hex()));
    Person late = parlour.guest("Carol", alice.code()).attachToAll();
    ((GuestIntroduction) late.introduction()).settled(parlour.now());
    parlour.settle();
    assertEquals(Cause.NO_SUCH_CODE, late.failed());
  }

  @Test
  void secretsAreNewEachTime() {
    Person bob = parlour.guest("Bob", alice.code()).attachToAll();
    Person carol = parlour.host("Carol").attachToAll();
    Person dave = parlour.guest("Dave", carol.code()).attachToAll();
    assertMet(carol, dave);
    assertNotEquals(bob.met().secret(), dave.met().secret());
  }

  @Test
  void aWrongWordIsToldToBothAndCostsAGuess() {
    Person bob = parlour.guest("Bob", otherWords(alice.code())).attachToAll();
    assertEquals(Cause.WRONG_WORDS, bob.failed());
    assertEquals(new IntroductionEvent.Missed(2), alice.last());
    Person again = parlour.guest("Bob", alice.code()).attachToAll();
    assertMet(alice, again);
  }

  @Test
  void threeWrongGuessesAreAllThereAre() {
    Code code = alice.code();
    for (int i = 0; i < 3; i++) {
      Person mallory = parlour.guest("Mallory", otherWords(code)).attachToAll();
      assertEquals(Cause.WRONG_WORDS, mallory.failed());
    }
    assertEquals(Cause.VOID, alice.failed());
    assertEquals(new IntroductionEvent.Missed(0), alice.events.get(3));
    Person bob = parlour.guest("Bob", code).attachToAll();
    ((GuestIntroduction) bob.introduction()).settled(parlour.now());
    parlour.settle();
    assertEquals(Cause.NO_SUCH_CODE, bob.failed());
  }

  /** It is the host who counts: a node that lets anybody in as often as they like gains nothing. */
  @Test
  void goingAwayBeforeTheAnswerCostsAGuessToo() {
    Code code = alice.code();
    for (int i = 2; i >= 0; i--) {
      parlour.lie =
          frame ->
              frame.filter(its -> !(its instanceof Frame.PlateSaid said) || said.data().at(0) != 2);
      Person mallory = parlour.guest("Mallory", code).attachToAll();
      mallory.introduction().close(parlour.now());
      parlour.settle();
      assertTrue(alice.events.contains(new IntroductionEvent.Missed(i)), alice.events.toString());
    }
    assertEquals(Cause.VOID, alice.failed());
  }

  @Test
  void onlyOneGuestAtATimeAndTheOtherWaits() {
    parlour.lie =
        frame ->
            frame.filter(its -> !(its instanceof Frame.PlateSaid said) || said.data().at(0) != 2);
    Person slow = parlour.guest("Slow", alice.code()).attachToAll();
    parlour.lie = frame -> frame;
    Person bob = parlour.guest("Bob", alice.code()).attachToAll();
    assertEquals(List.of(), bob.events);
    parlour.pass(Duration.ofSeconds(19));
    parlour.pass(Duration.ofSeconds(1));
    assertEquals(Cause.BROKEN_OFF, slow.failed());
    parlour.pass(Duration.ofSeconds(5));
    assertMet(alice, bob);
  }

  /** A node that makes up a host's side for the guest, and a guest's side for the host. */
  @Test
  void aNodeBetweenTheTwoMeetsNeither() {
    Code code = alice.code();
    Handshake false1 = handshake(Role.GUEST, code);
    parlour.lie =
        frame ->
            frame.map(
                its ->
                    its instanceof Frame.PlateSaid said && said.data().at(0) == 1
                        ? new Frame.PlateSaid(said.number(), said.visit(), false1.knock())
                        : its);
    Person bob = parlour.guest("Bob", code).attachToAll();
    assertInstanceOf(IntroductionEvent.Failed.class, bob.last());
    assertEquals(new IntroductionEvent.Missed(2), alice.last());
    Handshake false2 = handshake(Role.HOST, code);
    AtomicInteger proofs = new AtomicInteger();
    parlour.lie =
        frame ->
            frame.map(
                its -> {
                  if (its instanceof Frame.PlateSaid said && said.data().at(0) == 1) {
                    answer = false2.answer(said.data());
                  } else if (its instanceof Frame.PlateSaid said && said.data().at(0) == 2) {
                    return new Frame.PlateSaid(said.number(), said.visit(), answer.orElseThrow());
                  } else if (its instanceof Frame.PlateSaid said && said.data().at(0) == 3) {
                    proofs.incrementAndGet();
                    assertEquals(Optional.empty(), false2.welcome(said.data()));
                  }
                  return its;
                });
    Person carol = parlour.guest("Carol", code).attachToAll();
    assertEquals(Cause.WRONG_WORDS, carol.failed());
    assertEquals(1, proofs.get());
    assertEquals(new IntroductionEvent.Missed(1), alice.last());
  }

  private Optional<Bytes> answer = Optional.empty();

  private Handshake handshake(Role role, Code code) {
    Card card = new Card(Optional.of("Mallory"), List.of());
    return new Handshake(role, alice.key, card, otherWords(code), new Random(1));
  }

  /** What was said in one exchange is worth nothing in another, even with the same code. */
  @Test
  void whatIsReplayedIsRefused() {
    Code code = alice.code();
    List<Bytes> said = new ArrayList<>();
    parlour.lie =
        frame -> {
          frame.ifPresent(
              its -> {
                if (its instanceof Frame.PlateSaid words) {
                  said.add(words.data());
                }
              });
          return frame.filter(
              its -> !(its instanceof Frame.PlateSaid words) || words.data().at(0) < 3);
        };
    Person bob = parlour.guest("Bob", code).attachToAll();
    assertEquals(3, said.size());
    bob.introduction().close(parlour.now());
    parlour.settle();
    assertEquals(new IntroductionEvent.Missed(2), alice.last());
    parlour.lie =
        frame ->
            frame.map(
                its ->
                    its instanceof Frame.PlateSaid words && words.data().at(0) != 2
                        ? new Frame.PlateSaid(
                            words.number(), words.visit(), said.get(words.data().at(0) - 1))
                        : its);
    Person mallory = parlour.guest("Mallory", code).attachToAll();
    assertInstanceOf(IntroductionEvent.Failed.class, mallory.last());
    assertEquals(new IntroductionEvent.Missed(1), alice.last());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void whateverIsAlteredNobodyMeetsSomebodyElse(long seed) {
    Random mutator = new Random(seed);
    int kind = 1 + mutator.nextInt(4);
    parlour.lie =
        frame ->
            frame.map(
                its ->
                    its instanceof Frame.PlateSaid said && said.data().at(0) == kind
                        ? new Frame.PlateSaid(
                            said.number(), said.visit(), altered(said.data(), mutator))
                        : its);
    Person bob = parlour.guest("Bob", alice.code()).attachToAll();
    for (int i = 0; i < 3; i++) {
      parlour.pass(Duration.ofSeconds(20));
    }
    String rerun = "seed " + seed + ": " + alice.events + ", " + bob.events;
    assertInstanceOf(IntroductionEvent.Failed.class, bob.last(), rerun);
    if (kind < 4) {
      assertEquals(new IntroductionEvent.Missed(2), alice.last(), rerun);
    } else {
      assertEquals(bob.key.id(), alice.met().peer(), rerun);
    }
  }

  private static Bytes altered(Bytes data, Random mutator) {
    return switch (mutator.nextInt(4)) {
      case 0 -> data.slice(0, mutator.nextInt(data.length()));
      case 1 -> data.concat(Bytes.of(mutator.nextInt(256)));
      case 2 -> Bytes.wrap(new byte[data.length()]);
      default -> {
        byte[] bytes = data.toByteArray();
        bytes[mutator.nextInt(bytes.length)] ^= (byte) (1 << mutator.nextInt(8));
        yield Bytes.wrap(bytes);
      }
    };
  }

  @Test
  void noiseMakesNothingThrow() {
    Random mutator = new Random(3);
    for (int i = 0; i < 400; i++) {
      byte[] noise = new byte[mutator.nextInt(40)];
      mutator.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = (byte) mutator.nextInt(6);
      }
      int kind = i % 3;
      Person person = kind == 0 ? alice : parlour.guest("Bob", alice.code());
      PeerId node = parlour.ids().get(0);
      ClientEvent event =
          kind == 1
              ? new ClientEvent.PlateLeft(
                  new Frame.PlateLeft(alice.code().number(), mutator.nextInt(3)))
              : new ClientEvent.PlateSaid(
                  new Frame.PlateSaid(
                      alice.code().number(), mutator.nextInt(3), Bytes.wrap(noise)));
      if (kind == 0 && i > 90) {
        continue;
      }
      person.introduction().take(node, event, parlour.now());
      if (kind != 0) {
        person.introduction().advance(parlour.now().plus(Duration.ofMinutes(3)));
      }
    }
    parlour.settle();
    assertEquals(Cause.VOID, alice.failed());
  }

  @Test
  void aNodeThatDropsEverythingCostsTimeAndNothingElse() {
    Code code = alice.code();
    parlour.lie = frame -> frame.filter(its -> !(its instanceof Frame.PlateSaid));
    Person bob = parlour.guest("Bob", code).attachToAll();
    parlour.pass(Duration.ofSeconds(20));
    assertEquals(Cause.BROKEN_OFF, bob.failed());
    parlour.lie = frame -> frame;
    Person again = parlour.guest("Bob", code).attachToAll();
    assertMet(alice, again);
  }

  @Test
  void aCodeExpires() {
    Code code = alice.code();
    for (int i = 0; i < 20; i++) {
      parlour.pass(Duration.ofSeconds(30));
    }
    assertEquals(Cause.EXPIRED, alice.failed());
    assertEquals(Optional.empty(), alice.introduction().nextDeadline());
    Person bob = parlour.guest("Bob", code).attachToAll();
    assertEquals(List.of(), bob.events);
    parlour.pass(Duration.ofSeconds(90));
    assertEquals(Cause.NO_SUCH_CODE, bob.failed());
  }

  @Test
  void withoutANodeItEnds() {
    Person nobody = parlour.host("Nobody");
    parlour.pass(Duration.ofSeconds(30));
    assertEquals(Cause.NO_NODE, nobody.failed());
    Person guest = parlour.guest("Nobody", alice.code());
    ((GuestIntroduction) guest.introduction()).settled(parlour.now());
    parlour.settle();
    assertEquals(Cause.NO_NODE, guest.failed());
  }

  @Test
  void closingTakesThePlateAway() {
    Code code = alice.code();
    alice.introduction().close(parlour.now());
    parlour.settle();
    Person bob = parlour.guest("Bob", code).attachToAll();
    ((GuestIntroduction) bob.introduction()).settled(parlour.now());
    parlour.settle();
    assertEquals(Cause.NO_SUCH_CODE, bob.failed());
  }
}
