package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.ice.trace.TraceText;
import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import dev.culvert.session.SessionConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Two peers in virtual time, whose descriptions people carry. */
class IcePeerTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final SimWorld lab =
      SimWorld.up(
          LabSpec.builder()
              .seed(3)
              .home("a", Profile.named("prc").orElseThrow())
              .home("b", Profile.named("prc").orElseThrow())
              .build());

  private final class Terminal {
    final List<PeerEvent> events = new ArrayList<>();
    final List<String> trace = new ArrayList<>();
    final IcePeer peer;
    final Resident<PeerEvent> seat;

    Terminal(String host, IceRole role, Duration patience, Optional<Duration> keep) {
      LocalAddress own =
          new LocalAddress("eth0", Objects.requireNonNull(lab.addresses().get(host)).get(0));
      TransportAddress server =
          new TransportAddress(Objects.requireNonNull(lab.addresses().get("s1")).get(0), 3478);
      SessionConfig config =
          SessionConfig.of(List.of(own)).asking(List.of(new NamedServer("s1", server)));
      PeerTask task = new PeerTask(config, IcePolicy.PREFER_DIRECT, role, patience, 5, keep);
      peer =
          new IcePeer(
              task,
              lab.world().newRandom(),
              new TraceLog(line -> trace.add(TraceText.write(line))));
      seat = lab.host(host).run(peer, events::add);
    }

    void begin() {
      seat.execute(peer::advance);
    }

    void meet(IceDescription other) {
      seat.execute(now -> peer.meet(other, now));
    }

    Optional<IceDescription> described() {
      return told(PeerEvent.Described.class).map(PeerEvent.Described::description);
    }

    Optional<PeerResult> result() {
      return told(PeerEvent.Ended.class).map(PeerEvent.Ended::result);
    }

    private <E extends PeerEvent> Optional<E> told(Class<E> kind) {
      return events.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }
  }

  private void await(BooleanSupplier what) {
    assertTrue(lab.await(what, LONG));
  }

  @Test
  void whoAnswersGoesOnUntilTheOfferingSideHasTheAnswer() throws Exception {
    Verbs.named("node").start(lab, "s1", List.of());
    Terminal a = new Terminal("a", IceRole.CONTROLLING, Duration.ofSeconds(40), Optional.empty());
    Terminal b = new Terminal("b", IceRole.CONTROLLED, LONG, Optional.empty());
    a.begin();
    await(() -> a.described().isPresent());
    lab.pass(Duration.ofMinutes(3));
    b.meet(a.described().orElseThrow());
    await(() -> b.described().isPresent());
    lab.pass(Duration.ofMinutes(4));
    assertTrue(b.result().isEmpty(), "it does not give up");
    a.meet(b.described().orElseThrow());
    await(() -> a.result().isPresent() && b.result().isPresent());
    for (PeerResult result : List.of(a.result().orElseThrow(), b.result().orElseThrow())) {
      assertTrue(result.isConnected(), result::toString);
      assertFalse(result.isRelayed());
      assertEquals(5, result.echo().sent());
      assertEquals(5, result.echo().back());
      assertEquals("", result.failure());
    }
  }

  @Test
  void whoKeepsStaysAndTheOtherGoesOnSendingBack() throws Exception {
    Verbs.named("node").start(lab, "s1", List.of());
    Duration minute = Duration.ofMinutes(1);
    Terminal a = new Terminal("a", IceRole.CONTROLLING, LONG, Optional.of(minute));
    Terminal b = new Terminal("b", IceRole.CONTROLLED, LONG, Optional.empty());
    a.begin();
    await(() -> a.described().isPresent());
    b.meet(a.described().orElseThrow());
    await(() -> b.described().isPresent());
    a.meet(b.described().orElseThrow());
    await(() -> a.result().isPresent() && b.result().isPresent());
    assertTrue(a.result().orElseThrow().echo().sent() > 60);
    assertEquals(0, a.result().orElseThrow().echo().lossPercent());
    assertEquals(5, b.result().orElseThrow().echo().back());
  }

  @Test
  void failureIsToldWithTheFateOfEachPair() throws Exception {
    Terminal a = new Terminal("a", IceRole.CONTROLLING, Duration.ofSeconds(40), Optional.empty());
    Terminal b = new Terminal("b", IceRole.CONTROLLED, Duration.ofSeconds(40), Optional.empty());
    a.begin();
    await(() -> a.described().isPresent());
    b.meet(a.described().orElseThrow());
    await(() -> b.described().isPresent());
    a.meet(b.described().orElseThrow());
    await(() -> a.result().isPresent() && b.result().isPresent());
    PeerResult result = a.result().orElseThrow();
    assertFalse(result.isConnected());
    assertFalse(result.failure().isEmpty());
    assertFalse(result.fates().isEmpty());
    assertTrue(result.path().isEmpty());
    Story story = Story.of(TraceText.read(a.trace));
    assertEquals("unreachable", story.outcome());
    assertEquals("udp-blocked", Verdict.of(story).orElseThrow().code());
  }

  @Test
  void theTraceTellsAllButTheCredentials() throws Exception {
    Verbs.named("node").start(lab, "s1", List.of());
    Terminal a = new Terminal("a", IceRole.CONTROLLING, LONG, Optional.empty());
    Terminal b = new Terminal("b", IceRole.CONTROLLED, LONG, Optional.empty());
    a.begin();
    await(() -> a.described().isPresent());
    b.meet(a.described().orElseThrow());
    await(() -> b.described().isPresent());
    a.meet(b.described().orElseThrow());
    await(() -> a.result().isPresent() && b.result().isPresent());
    for (Terminal terminal : List.of(a, b)) {
      String text = String.join("\n", terminal.trace);
      for (Terminal whose : List.of(a, b)) {
        IceCredentials secret = whose.described().orElseThrow().parameters().credentials();
        assertFalse(text.contains(secret.password()), text);
        assertFalse(text.contains(secret.ufrag()), text);
      }
      Story story = Story.of(TraceText.read(terminal.trace));
      assertEquals("direct", story.outcome());
      assertTrue(Verdict.of(story).isEmpty());
      PairStory selected =
          story.pairs().stream().filter(PairStory::isSelected).findFirst().orElseThrow();
      assertTrue(selected.answered() > 0);
      assertTrue(selected.roundTrip().isPresent());
      for (String kind :
          List.of(
              "gathered",
              "described-own",
              "described-peer",
              "check-sent",
              "check-received",
              "check-answered",
              "path",
              "selected",
              "ended")) {
        assertTrue(story.at(kind).isPresent(), kind);
      }
    }
  }
}
