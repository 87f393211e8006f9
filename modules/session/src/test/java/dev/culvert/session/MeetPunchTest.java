package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IcePolicy;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.punch.PunchMachine;
import dev.culvert.punch.PunchPlan.Kind;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.meet.MeetEvent;
import dev.culvert.session.meet.PunchNews;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Punching beside ICE: what else happens meanwhile, and what policies leave of it. */
class MeetPunchTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** As long as three attempts may take, with the pauses between them. */
  private static final Duration PATIENCE = Duration.ofSeconds(200);

  /** What a relay takes to take over. */
  private static final Duration GAP = Duration.ofSeconds(15);

  private static SimTown direct(SimTown.Plan plan) {
    SimTown town = plan.build();
    town.meet();
    town.until(SOON, "a path", town::connected);
    town.chat();
    town.until(PATIENCE, "a direct path", town::isDirect);
    town.untilBothHear(GAP);
    return town;
  }

  private static Optional<Kind> plan(SimTown town) {
    Optional<Kind> plan = town.a.peer.plan(town.a.lastCall());
    assertEquals(plan, town.b.peer.plan(town.b.lastCall()), town::news);
    return plan;
  }

  private enum Fault {
    REBOOT,
    OTHER_ADDRESS,
    SILENCE
  }

  private static void happen(Fault fault, SimTown town) {
    switch (fault) {
      case REBOOT -> town.lab.reboot("b-nat");
      case OTHER_ADDRESS -> town.lab.readdress("b-nat", Optional.empty());
      case SILENCE -> {
        town.lab.cut("b-nat");
        town.world.schedule(Duration.ofSeconds(8), () -> town.lab.mend("b-nat"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prc, sym, birthday, REBOOT",
    "prc, symseq, prediction, REBOOT",
    "symseq, symseq, double-prediction, REBOOT",
    "prc, symseq, prediction, OTHER_ADDRESS",
    "symseq, symseq, double-prediction, OTHER_ADDRESS",
    "prc, sym, birthday, SILENCE",
  })
  void whatANatForgetsIsPunchedAgainWhileTheRelayGoesOn(
      String one, String other, String kind, Fault fault) {
    SimTown town = direct(SimTown.between(one, other, 3));
    assertEquals(Optional.of(kind), plan(town).map(Kind::toString));
    happen(fault, town);
    town.untilBothHear(GAP.plus(fault == Fault.SILENCE ? GAP : Duration.ZERO));
    town.until(PATIENCE, "direct again", town::isDirect);
    assertEquals(Optional.of(kind), plan(town).map(Kind::toString));
    town.untilBothHear(GAP);
    assertEquals(Optional.empty(), town.a.end(town.a.lastCall()));
  }

  /**
   * A host that moves is found again over the relay, and punched to by the plan that fits there.
   */
  @ParameterizedTest
  @CsvSource({"sym, symseq, prediction", "symseq, sym, birthday", "sym, full, ''"})
  void whoRoamsIsPunchedToInTheNextNetwork(String from, String to, String kind) {
    SimTown town = direct(SimTown.between("prc", from, 4).home("c", to));
    town.lab.move("b", "c-nat");
    town.b.use(new LocalAddress("wlan0", town.ip("b")));
    town.untilBothHear(GAP);
    town.until(
        PATIENCE,
        "direct by " + kind,
        () ->
            town.isDirect()
                && town.a.peer.plan(town.a.lastCall()).map(Kind::toString).orElse("").equals(kind));
    town.untilBothHear(GAP);
  }

  /** What went to an address in vain does not have the next attempt fail before it began. */
  @ParameterizedTest
  @CsvSource({"prc, symseq, 45", "symseq, prc, 60", "prc, sym, 150", "sym, prc, 150"})
  void anAttemptAfterOneThatFailedHasItsShare(String one, String other, int seconds) {
    SimTown town = SimTown.between(one, other, 12).build();
    for (SimCaller each : List.of(town.a, town.b)) {
      each.swallows = send -> PunchMachine.tagOf(send.payload()).isPresent();
    }
    town.meet();
    town.until(PATIENCE, "a failure", () -> failures(town) > 0);
    for (SimCaller each : List.of(town.a, town.b)) {
      each.swallows = send -> false;
    }
    town.until(Duration.ofSeconds(seconds), "a direct path", town::isDirect);
    for (SimCaller each : List.of(town.a, town.b)) {
      assertFalse(town.news().contains("enough was sent"), town::news);
      assertTrue(town.punched(each).stream().filter(PunchNews.Began.class::isInstance).count() < 3);
    }
  }

  /** A line that shuffles packets has ports that follow each other look random. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void portsThatLookedRandomOnceAreLookedAtAgain(String shuffled) {
    SimTown town = SimTown.between("symseq", "symseq", 14).build();
    Duration delay = Duration.ofMillis(100);
    town.lab.relink(shuffled, new LinkSpec(delay, delay, 0, 0, 0, 0, 0));
    town.meet();
    town.until(SOON, "a path", town::connected);
    town.until(SOON, "no attempt", () -> stays(town));
    assertFalse(town.isDirect());
    town.lab.relink(shuffled, new LinkSpec(Duration.ofMillis(10), Duration.ZERO, 0, 0, 0, 0, 0));
    town.chat();
    town.until(PATIENCE, "a direct path", town::isDirect);
    assertEquals(Optional.of(Kind.DOUBLE_PREDICTION), plan(town));
    town.untilBothHear(GAP);
  }

  private static boolean stays(SimTown town) {
    return List.of(town.a, town.b).stream()
        .flatMap(each -> town.punched(each).stream())
        .anyMatch(PunchNews.Stays.class::isInstance);
  }

  private static int failures(SimTown town) {
    return (int)
        List.of(town.a, town.b).stream()
            .flatMap(each -> town.punched(each).stream())
            .filter(PunchNews.Failed.class::isInstance)
            .count();
  }

  /**
   * ICE that has failed after it was connected is begun anew, whatever punching may yet bring; and
   * where that brings nothing, the end is told.
   */
  @ParameterizedTest
  @CsvSource({
    "prc, prc, 0, true",
    "prc, sym, 0, true",
    "prc, sym, 1, true",
    "sym, sym, 0, true",
    "prc, prc, 0, false",
    "prc, sym, 1, false",
  })
  void aPathThatIsLostIsFoundAgainOrItsEndIsTold(
      String one, String other, int punching, boolean back) {
    SimTown town = SimTown.between(one, other, 13).build();
    long call = town.meet();
    town.until(SOON, "a path", town::connected);
    town.chat();
    if (punching > 0) {
      town.until(
          SOON,
          "an attempt",
          () -> town.punched(town.a).stream().anyMatch(PunchNews.Began.class::isInstance));
    }
    town.lab.cut("b-nat");
    town.await(Duration.ofSeconds(50), () -> false);
    if (back) {
      town.lab.mend("b-nat");
      town.untilBothHear(SOON);
      assertEquals(Optional.empty(), town.a.end(call));
    } else {
      town.until(
          Duration.ofMinutes(3),
          "the end",
          () -> town.a.end(call).isPresent() && town.b.end(town.b.lastCall()).isPresent());
      assertEquals(Optional.of(CallEnd.NO_PATH), town.a.end(call));
    }
  }

  /** Once both know when, no node is needed. */
  @Test
  void nodesMayDieWhileItIsPunched() {
    SimTown town = SimTown.between("prc", "sym", 5).build();
    town.meet();
    town.until(SOON, "a path", town::connected);
    town.chat();
    town.until(
        SOON,
        "an attempt",
        () -> town.punched(town.a).stream().anyMatch(PunchNews.Began.class::isInstance));
    town.killNodes();
    town.until(PATIENCE, "a direct path", town::isDirect);
    town.untilBothHear(GAP);
  }

  /** Before they know it, data stays on the relay, which does not need the nodes either. */
  @Test
  void withoutNodesDataStaysWhereItIs() {
    SimTown town = SimTown.between("prc", "sym", 6).build();
    town.meet();
    town.until(SOON, "a path", town::connected);
    town.killNodes();
    town.chat();
    assertFalse(town.await(Duration.ofSeconds(60), town::isDirect));
    town.untilBothHear(GAP);
    assertEquals(Optional.empty(), town.a.end(town.a.lastCall()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"prc", "symseq"})
  void whoWantsTheRelayAloneIsNotPunchedTo(String profile) {
    SimTown town = SimTown.between(profile, "symseq", 7).policy(IcePolicy.RELAY_ONLY).build();
    town.meet();
    town.until(SOON, "a path", town::connected);
    assertFalse(town.await(Duration.ofSeconds(30), town::isDirect));
    for (SimCaller each : List.of(town.a, town.b)) {
      assertEquals(List.of(), each.told(MeetEvent.Punch.class));
      assertFalse(each.peer.isDirect(each.lastCall()));
    }
  }

  @ParameterizedTest
  @CsvSource({"prc, symseq", "symseq, symseq", "prc, sym", "adm, firewall"})
  void whoWantsNoRelayIsConnectedByThePlanAlone(String one, String other) {
    SimTown town = SimTown.between(one, other, 8).policy(IcePolicy.DIRECT_ONLY).build();
    town.meet();
    town.until(PATIENCE, "a direct path", town::isDirect);
    assertTrue(plan(town).isPresent());
    assertEquals(1, town.a.connected());
    assertTrue(town.a.peer.isDirect(town.a.lastCall()));
  }

  /** Where ICE needs no help nobody measures anything. */
  @ParameterizedTest
  @EnumSource(
      value = IcePolicy.class,
      names = {"PREFER_DIRECT", "DIRECT_ONLY"})
  void whoeverIsDirectIsLeftAlone(IcePolicy policy) {
    SimTown town = SimTown.between("prc", "prc", 9).policy(policy).build();
    int[] packets = new int[1];
    town.world.observe((now, where, packet, fate) -> packets[0] += where.equals("s1") ? 1 : 0);
    town.meet();
    town.until(SOON, "a direct path", town::isDirect);
    town.await(SOON, () -> false);
    assertEquals(List.of(), town.punched(town.a));
    assertEquals(List.of(), town.punched(town.b));
    assertTrue(packets[0] <= 8, "to and from the STUN server: " + packets[0]);
  }

  /** Who cannot ask any server again does not wake up for it again and again. */
  @Test
  void withoutServersNobodyWakesUpToAskThem() {
    SimTown town = SimTown.between("blocked", "prc", 11).build();
    town.meet();
    town.until(SOON, "reasons", town::stays);
    town.killNodes();
    town.await(Duration.ofSeconds(90), () -> false);
    for (SimCaller each : List.of(town.a, town.b)) {
      MonotonicTime now = town.world.now();
      assertTrue(each.peer.nextDeadline().filter(at -> !now.isBefore(at)).isEmpty(), each.name);
    }
  }

  /** After an end nothing of it is left: no socket, and nobody who wakes up. */
  @Test
  void whoHangsUpWhileItIsPunchedLeavesNothing() {
    SimTown town = SimTown.between("prc", "sym", 10).build();
    long call = town.meet();
    town.until(
        SOON,
        "an attempt",
        () -> town.punched(town.b).stream().anyMatch(PunchNews.Began.class::isInstance));
    town.a.hangUp(call);
    town.until(SOON, "the end", () -> town.b.end(town.b.lastCall()).isPresent());
    int[] sent = new int[1];
    town.await(Duration.ofSeconds(5), () -> false);
    town.world.observe(
        (now, where, packet, fate) -> sent[0] += where.equals("b") && fate.equals("sent") ? 1 : 0);
    int before = town.punched(town.b).size();
    town.await(Duration.ofSeconds(20), () -> false);
    assertEquals(before, town.punched(town.b).size());
    assertTrue(sent[0] < 50, "packets after the end: " + sent[0]);
  }
}
