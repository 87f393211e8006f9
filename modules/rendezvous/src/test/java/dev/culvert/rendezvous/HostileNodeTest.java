package dev.culvert.rendezvous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.Envelope;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.Town.Villager;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.Admission;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a node that is not honest can do to peers that meet through it: little. */
class HostileNodeTest {
  private static final Duration LONG = Duration.ofSeconds(90);

  private final Town town = new Town();
  private final Villager bob = town.villager(AcceptPolicy.open());
  private final Villager alice = town.villager(AcceptPolicy.nobody());

  private static List<String> described(Villager who) {
    return who.heard(CallEvent.Described.class).stream()
        .map(CallEvent.Described::description)
        .distinct()
        .toList();
  }

  private void assertMet() {
    assertEquals(List.of(bob.description), described(alice));
    assertEquals(List.of(alice.description), described(bob));
    assertEquals(1, bob.heard(CallEvent.Asked.class).size());
    assertEquals(alice.id(), bob.heard(CallEvent.Asked.class).get(0).from());
  }

  private static List<CallEnd> ends(Villager who) {
    return who.heard(CallEvent.Ended.class).stream().map(CallEvent.Ended::reason).toList();
  }

  /** Nothing of what is said, in any form in which it could stand in what the node sees. */
  @Test
  void aNodeReadsNothing() {
    alice.call(bob);
    town.pass(LONG);
    assertMet();
    alice.calls.hangUp(
        alice.heard(CallEvent.Agreed.class).get(0).call(), CallEnd.CLOSED, town.now());
    town.pass(LONG);
    assertEquals(List.of(CallEnd.PEER_LEFT), ends(bob));
    List<String> secrets =
        new ArrayList<>(List.of("ufrag", "builder", "offer", "answer", "describe", "bye", "seq"));
    secrets.addAll(List.of("192.168.77", alice.description, bob.description));
    assertTrue(town.seen.size() > 20, "nothing was said");
    for (Bytes message : town.seen) {
      List<String> forms = new ArrayList<>(List.of(message.utf8()));
      forms.addAll(decoded(message.utf8()));
      for (String form : forms) {
        secrets.forEach(secret -> assertFalse(form.contains(secret), () -> secret + ": " + form));
      }
    }
  }

  /** All texts of a message that are base64url, as what they stand for. */
  private static List<String> decoded(String message) {
    List<String> all = new ArrayList<>();
    for (String part : message.split("\"", -1)) {
      if (part.length() > 60 && part.matches("[A-Za-z0-9_-]+")) {
        all.add(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.ISO_8859_1));
      }
    }
    return all;
  }

  @Test
  void theRecordOfAnotherIsNotTakenForThePeers() {
    Villager mallory = town.villager(AcceptPolicy.open());
    Signed malloryIs = mallory.record().sign(mallory.key);
    town.spell =
        (to, frame) ->
            frame instanceof Frame.Found found
                ? List.of(new Frame.Found(found.re(), malloryIs, true))
                : List.of(frame);
    alice.call(bob);
    town.pass(LONG);
    assertEquals(List.of(CallEnd.NOT_WHO_IT_SAYS), ends(alice));
    assertEquals(0, alice.signals);
    assertEquals(0, mallory.heard(CallEvent.Asked.class).size());
  }

  /** With one bit of it changed it could name the key of somebody who reads along. */
  @Test
  void anAlteredRecordIsNoRecord() {
    Signed record = bob.record().sign(bob.key);
    for (int i = 0; i < record.payload().length(); i++) {
      Signed altered = new Signed(bob.id(), flipped(record.payload(), i), record.signature());
      assertEquals(Optional.empty(), PeerRecord.read(altered), "byte " + i);
    }
    town.spell =
        (to, frame) ->
            frame instanceof Frame.Found found
                ? List.of(
                    new Frame.Found(
                        found.re(),
                        new Signed(
                            bob.id(),
                            flipped(found.record().payload(), 3),
                            found.record().signature()),
                        true))
                : List.of(frame);
    alice.call(bob);
    town.pass(LONG);
    assertEquals(List.of(CallEnd.UNKNOWN_PEER), ends(alice));
    assertEquals(0, alice.signals);
  }

  private static Bytes flipped(Bytes bytes, int at) {
    byte[] copy = bytes.toByteArray();
    copy[at] ^= 1;
    return Bytes.wrap(copy);
  }

  @Test
  void whatIsAlteredOnTheWayIsDropped() {
    town.spell =
        (to, frame) ->
            frame instanceof Frame.Said said
                ? List.of(
                    new Frame.Said(
                        said.from(),
                        flipped(said.sealed(), town.random.nextInt(said.sealed().length()))))
                : List.of(frame);
    alice.call(bob);
    town.pass(LONG);
    assertEquals(List.of(), bob.events);
    assertTrue(bob.calls.dropped() > 3);
    assertEquals(List.of(CallEnd.TIMED_OUT), ends(alice));
  }

  /** Everything comes three times, and all of it again at the end. */
  @Test
  void whatIsReplayedCountsOnce() {
    Map<Villager, List<Frame>> kept = new HashMap<>();
    town.spell =
        (to, frame) -> {
          if (!(frame instanceof Frame.Said)) {
            return List.of(frame);
          }
          kept.computeIfAbsent(to, fresh -> new ArrayList<>()).add(frame);
          return List.of(frame, frame, frame);
        };
    long call = alice.call(bob);
    town.pass(LONG);
    assertMet();
    assertEquals(1, alice.heard(CallEvent.Described.class).size());
    alice.calls.hangUp(call, CallEnd.CLOSED, town.now());
    town.pass(Duration.ofSeconds(20));
    int before = bob.events.size();
    List<Frame> all = List.copyOf(kept.getOrDefault(bob, List.of()));
    all.forEach(bob::hear);
    town.pass(Duration.ofMinutes(5));
    all.forEach(bob::hear);
    town.pass(LONG);
    assertEquals(before, bob.events.size(), bob.events.toString());
  }

  /** Of each four things that are said the last comes first. */
  @Test
  void orderIsNotUpToTheNode() {
    Map<Villager, List<Frame>> held = new HashMap<>();
    town.spell =
        (to, frame) -> {
          if (!(frame instanceof Frame.Said)) {
            return List.of(frame);
          }
          List<Frame> waiting = held.computeIfAbsent(to, fresh -> new ArrayList<>());
          waiting.add(frame);
          if (waiting.size() < 4) {
            return List.of();
          }
          List<Frame> reversed = new ArrayList<>(waiting);
          Collections.reverse(reversed);
          waiting.clear();
          return reversed;
        };
    alice.call(bob);
    town.pass(LONG);
    assertMet();
    List<String> wanted = new ArrayList<>(List.of(alice.description));
    long call = alice.heard(CallEvent.Agreed.class).get(0).call();
    for (int i = 0; i < 6; i++) {
      wanted.add("{\"ufrag\":\"" + i + "\"}");
      alice.calls.describe(call, wanted.get(wanted.size() - 1), town.now());
    }
    town.pass(LONG);
    assertEquals(wanted, described(bob));
  }

  @Test
  void halfOfItDroppedIsSaidAgain() {
    town.spell =
        (to, frame) ->
            frame instanceof Frame.Said && town.random.nextBoolean() ? List.of() : List.of(frame);
    alice.call(bob);
    town.pass(LONG);
    assertMet();
  }

  /** The node says that it was delivered, and it was not. */
  @Test
  void whatIsDroppedForGoodEndsInTime() {
    town.spell = (to, frame) -> frame instanceof Frame.Said ? List.of() : List.of(frame);
    alice.call(bob);
    town.pass(Duration.ofSeconds(31));
    assertEquals(List.of(CallEnd.TIMED_OUT), ends(alice));
    assertEquals(List.of(), bob.events);
  }

  @Test
  void whoSaidItIsNotUpToTheNode() {
    Villager mallory = town.villager(AcceptPolicy.nobody());
    town.spell =
        (to, frame) ->
            frame instanceof Frame.Said said
                ? List.of(new Frame.Said(mallory.id(), said.sealed()))
                : List.of(frame);
    alice.call(bob);
    town.pass(LONG);
    assertMet();
  }

  @Test
  void whatIsPassedOnToAnotherSaysNothingToHim() {
    Villager carol = town.villager(AcceptPolicy.open());
    town.spell =
        (to, frame) -> {
          if (frame instanceof Frame.Said && to.equals(bob)) {
            carol.hear(frame);
            return List.of();
          }
          return List.of(frame);
        };
    alice.call(bob);
    town.pass(LONG);
    assertEquals(List.of(), carol.events);
    assertTrue(carol.calls.dropped() > 0);
    assertEquals(List.of(CallEnd.TIMED_OUT), ends(alice));
  }

  /** The node knows Bob's sealing key, as everybody does, and seals what it likes. */
  @Test
  void aNodeSpeaksForNobodyButItself() {
    Villager careful = town.villager(AcceptPolicy.contacts(Set.of(alice.id())));
    PeerKey own = town.nodeKey;
    Bytes offer =
        Bytes.utf8(
            "{\"v\":1,\"t\":\"offer\",\"seq\":0,\"ack\":0,\"key\":\"" + "A".repeat(43) + "\"}");
    Bytes sealed =
        new Envelope(own.id(), Bytes.wrap(new byte[16]), 0, town.time().plusSeconds(60), offer)
            .seal(own, careful.id(), careful.opens.publicKey(), town.random)
            .orElseThrow();
    careful.hear(new Frame.Said(alice.id(), sealed));
    town.settle();
    assertEquals(List.of(), careful.events);
    assertEquals(1, careful.calls.refused());
    // Whoever takes calls of everybody is told who it is.
    Bytes toBob =
        new Envelope(own.id(), Bytes.wrap(new byte[16]), 0, town.time().plusSeconds(60), offer)
            .seal(own, bob.id(), bob.opens.publicKey(), town.random)
            .orElseThrow();
    bob.hear(new Frame.Said(alice.id(), toBob));
    town.settle();
    CallEvent.Asked asked = bob.heard(CallEvent.Asked.class).get(0);
    assertEquals(own.id(), asked.from());
    assertEquals(Admission.OPEN, asked.admission());
  }
}
