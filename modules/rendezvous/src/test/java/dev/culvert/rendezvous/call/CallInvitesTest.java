package dev.culvert.rendezvous.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallInvitesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Bytes SECRET = Bytes.utf8("sixteen letters!");

  private final CallWorld world = new CallWorld(42);
  private final CallWorld.Somebody alice = world.somebody(AcceptPolicy.nobody());
  private final CallWorld.Somebody bob = world.somebody(AcceptPolicy.open());

  @Test
  void anInviteForOneIsForTheFirstWhoShowsIt() {
    bob.calls.policy(
        AcceptPolicy.nobody()
            .inviting(List.of(new InviteSecret(SECRET, world.time().plus(MINUTE), true))));
    CallWorld.Somebody second = world.somebody(AcceptPolicy.nobody());
    for (int i = 0; i < 2; i++) {
      long call = alice.calls.call(bob.id(), Optional.of(SECRET), world.now());
      world.pass(Duration.ofSeconds(5));
      alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
      world.pass(Duration.ofSeconds(5));
    }
    assertEquals(2, bob.told(CallEvent.Asked.class).size());
    long late = second.calls.call(bob.id(), Optional.of(SECRET), world.now());
    world.pass(Duration.ofSeconds(31));
    assertEquals(Optional.of(CallEnd.TIMED_OUT), second.end(late));
    assertEquals(2, bob.told(CallEvent.Asked.class).size());
    world.pass(MINUTE);
    alice.calls.call(bob.id(), Optional.of(SECRET), world.now());
    world.pass(Duration.ofSeconds(31));
    assertEquals(2, bob.told(CallEvent.Asked.class).size(), "it has expired");
  }

  @Test
  void anInviteThatIsPutAsideForAWhileIsForTheSameOneAfterwards() {
    InviteSecret invite = new InviteSecret(SECRET, world.time().plus(MINUTE), true);
    bob.calls.policy(AcceptPolicy.nobody().inviting(List.of(invite)));
    long call = alice.calls.call(bob.id(), Optional.of(SECRET), world.now());
    world.pass(Duration.ofSeconds(1));
    alice.calls.hangUp(call, CallEnd.CLOSED, world.now());
    world.pass(Duration.ofSeconds(1));
    bob.calls.policy(AcceptPolicy.nobody());
    bob.calls.policy(AcceptPolicy.nobody().inviting(List.of(invite)));
    CallWorld.Somebody second = world.somebody(AcceptPolicy.nobody());
    second.calls.call(bob.id(), Optional.of(SECRET), world.now());
    world.pass(Duration.ofSeconds(10));
    assertEquals(1, bob.told(CallEvent.Asked.class).size());
    alice.calls.call(bob.id(), Optional.of(SECRET), world.now());
    world.pass(Duration.ofSeconds(1));
    assertEquals(2, bob.told(CallEvent.Asked.class).size());
  }

  @Test
  void whoFindsAnInviteWhileItCallsShowsIt() {
    bob.calls.policy(
        AcceptPolicy.nobody()
            .inviting(List.of(new InviteSecret(SECRET, world.time().plus(MINUTE), true))));
    long plain = alice.call(bob);
    world.pass(Duration.ofSeconds(2));
    long call = alice.calls.call(bob.id(), Optional.of(SECRET), world.now());
    assertEquals(call, alice.calls.call(bob.id(), Optional.of(SECRET), world.now()));
    assertEquals(call, alice.call(bob));
    world.pass(Duration.ofSeconds(2));
    CallsTest.assertTalk(alice, bob);
    assertEquals(Optional.of(CallEnd.CLOSED), alice.end(plain));
    assertEquals(Optional.empty(), alice.end(call));
  }

  @Test
  void aProofIsOfNoUseToSomebodyElse() {
    Bytes session = Bytes.wrap(new byte[16]);
    Bytes proof = InviteSecret.proof(SECRET, session, alice.id(), bob.id());
    InviteSecret secret = new InviteSecret(SECRET, world.time().plus(MINUTE), false);
    Doorman doorman = new Doorman(AcceptPolicy.nobody().inviting(List.of(secret)));
    Bytes other = Bytes.wrap(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    Optional<Bytes> shown = Optional.of(proof);
    assertEquals(
        Optional.of(Admission.INVITED),
        doorman.admits(alice.id(), bob.id(), session, shown, world.time()));
    assertEquals(
        Optional.empty(), doorman.admits(alice.id(), bob.id(), other, shown, world.time()));
    assertEquals(
        Optional.empty(), doorman.admits(bob.id(), alice.id(), session, shown, world.time()));
    assertFalse(secret.toString().contains(SECRET.hex()));
  }
}
