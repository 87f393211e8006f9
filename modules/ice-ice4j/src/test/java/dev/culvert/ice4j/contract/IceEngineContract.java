package dev.culvert.ice4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceFailure;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.engine.IceFeature;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every engine does, whoever wrote it, and what it says openly that it does not. Each engine
 * meets itself and the others, in both roles.
 */
abstract class IceEngineContract {
  private static final Duration SHORT = Duration.ofSeconds(2);

  /** Which engine it is about. */
  abstract Kind kind();

  /** What it says that it can do. */
  abstract Set<IceFeature> features();

  private static IceConfig config(IceRole role) {
    return IceConfig.standard(role);
  }

  static Stream<Arguments> meetings() {
    return Stream.of(Kind.values())
        .flatMap(peer -> Stream.of(IceRole.values()).map(role -> Arguments.of(peer, role)));
  }

  private boolean can(IceFeature feature) {
    return features().contains(feature);
  }

  private IceEngine alone() {
    return kind().make(List.of(Net.HERE), Optional.empty());
  }

  @Test
  void saysWhatItCanDo() {
    try (IceEngine engine = alone()) {
      assertEquals(features(), engine.features());
      assertEquals(kind().name().toLowerCase(Locale.ROOT), engine.name());
    }
  }

  @ParameterizedTest
  @MethodSource("meetings")
  void connectsByOfferAndAnswer(Kind peer, IceRole role) throws Exception {
    try (Meeting meeting = new Meeting(kind(), config(role), peer, config(role.opposite()))) {
      meeting.atOnce().completed().carries(1);
      IcePath path = meeting.here.connection().path().orElseThrow();
      assertTrue(path.selected());
      assertFalse(path.isRelayed());
      assertEquals(ip(path.remote()), Net.THERE);
      assertEquals(path.flow().remote(), path.remote().address().known().orElseThrow());
      assertEquals(IceState.COMPLETED, meeting.here.connection().state());
      assertEquals(
          can(IceFeature.FATES),
          !meeting.here.connection().fates().get(60, TimeUnit.SECONDS).isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("meetings")
  void connectsWithCandidatesAsTheyAreFound(Kind peer, IceRole role) throws Exception {
    assertTrue(can(IceFeature.TRICKLE), "there is no engine yet that cannot");
    try (TestRelay relay = new TestRelay();
        Meeting meeting =
            new Meeting(kind(), config(role), peer, config(role.opposite()), Optional.of(relay))) {
      meeting.trickling().completed().carries(1);
      IceDescription all = meeting.here.complete();
      assertTrue(all.complete());
      assertTrue(types(all).containsAll(Set.of(CandidateType.HOST, CandidateType.RELAYED)));
      assertEquals(
          all.candidates(),
          meeting.here.heard().stream()
              .filter(ConnectionEvent.LocalCandidate.class::isInstance)
              .map(event -> ((ConnectionEvent.LocalCandidate) event).candidate())
              .toList());
    }
  }

  @ParameterizedTest
  @EnumSource
  void settlesWhoControls(Kind peer) throws Exception {
    for (IceRole role : IceRole.values()) {
      try (Meeting meeting = new Meeting(kind(), config(role), peer, config(role))) {
        meeting.atOnce().completed().carries(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void relaysAloneWhereItIsToldTo(Kind peer) throws Exception {
    try (TestRelay relay = new TestRelay()) {
      try (Meeting meeting =
          new Meeting(
              kind(),
              config(IceRole.CONTROLLED).withPolicy(IcePolicy.RELAY_ONLY),
              peer,
              config(IceRole.CONTROLLING),
              Optional.of(relay))) {
        meeting.atOnce().completed().carries(1);
        IceDescription told = meeting.here.complete();
        assertEquals(Set.of(CandidateType.RELAYED), types(told));
        assertTrue(told.candidates().stream().allMatch(each -> each.related().isEmpty()));
        assertTrue(meeting.here.connection().path().orElseThrow().isRelayed());
        IcePath seen = meeting.there.connection().path().orElseThrow();
        assertEquals(Net.RELAY, ip(seen.remote()));
      }
      assertGivenBack(relay);
    }
  }

  private static void assertGivenBack(TestRelay relay) throws Exception {
    for (int tries = 0; relay.allocations() > 0; tries++) {
      assertTrue(tries < 500, "allocations are left");
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  @Test
  void usesNoRelayWhereItIsToldSo() throws Exception {
    IceConfig direct = config(IceRole.CONTROLLING).withPolicy(IcePolicy.DIRECT_ONLY);
    try (TestRelay relay = new TestRelay();
        Meeting meeting =
            new Meeting(
                kind(),
                direct.withPatience(SHORT),
                kind(),
                config(IceRole.CONTROLLED).withPolicy(IcePolicy.RELAY_ONLY).withPatience(SHORT),
                Optional.of(relay))) {
      meeting.atOnce();
      assertFalse(types(meeting.here.complete()).contains(CandidateType.RELAYED));
      assertEquals(IceFailure.POLICY, meeting.here.awaitFailure().reason());
      assertTrue(meeting.here.connection().path().isEmpty());
    }
  }

  @ParameterizedTest
  @EnumSource
  void restartsWhileDataFlows(Kind peer) throws Exception {
    try (Meeting meeting =
        new Meeting(kind(), config(IceRole.CONTROLLING), peer, config(IceRole.CONTROLLED))) {
      meeting.atOnce().completed().carries(1);
      IcePath before = meeting.here.connection().path().orElseThrow();
      IceDescription first = meeting.here.complete();
      assertTrue(can(IceFeature.RESTART), "there is no engine yet that cannot");
      IceDescription second = meeting.here.connection().restart().get(60, TimeUnit.SECONDS);
      assertNotEquals(first.parameters().credentials(), second.parameters().credentials());
      meeting.carries(2);
      meeting.there.connection().remote(meeting.here.complete());
      IceDescription answer =
          meeting.there.await(
              event ->
                  event instanceof ConnectionEvent.Restarted restarted
                      ? Optional.of(restarted.description())
                      : Optional.empty());
      meeting.carries(3);
      assertEquals(
          Optional.of(second.parameters().credentials().ufrag()), answer.parameters().answering());
      meeting.here.connection().remote(meeting.there.complete());
      if (kind() == Kind.ICE4J || peer == Kind.ICE4J) {
        // Its new agent has sockets of its own, so the path is another one.
        meeting.here.awaitPath(path -> !path.flow().equals(before.flow()) && path.selected());
      }
      meeting.carries(4);
      assertTrue(
          meeting.here.heard().stream().noneMatch(IceEngineContract::isLoss),
          meeting.here.heard().toString());
    }
  }

  private static boolean isLoss(ConnectionEvent event) {
    return event instanceof ConnectionEvent.Ice ice
        && (ice.event() instanceof IceEvent.PathLost || ice.event() instanceof IceEvent.Failed);
  }

  @ParameterizedTest
  @EnumSource
  void noticesThatThePeerIsGone(Kind peer) throws Exception {
    assertTrue(can(IceFeature.CONSENT), "there is no engine yet that cannot");
    try (Meeting meeting =
        new Meeting(kind(), config(IceRole.CONTROLLING), peer, config(IceRole.CONTROLLED))) {
      meeting.atOnce().completed().carries(1);
      meeting.leaveThere();
      meeting.here.awaitState(state -> state == IceState.DISCONNECTED || state == IceState.FAILED);
    }
  }

  private IceEvent.Failed failure(IceDescription peer) throws Exception {
    try (IceEngine engine = alone()) {
      Side side = new Side(engine, config(IceRole.CONTROLLING).withPatience(SHORT));
      side.connection().remote(peer);
      IceEvent.Failed failed = side.awaitFailure();
      assertEquals(IceState.FAILED, side.connection().state());
      assertTrue(side.connection().path().isEmpty());
      return failed;
    }
  }

  private static IceDescription peer(Candidate... candidates) {
    return new IceDescription(
        IceParameters.of(IceCredentials.random(new Random(7))), List.of(candidates), true);
  }

  private static Candidate candidate(TransportAddress address, CandidateType type) {
    return new Candidate(
        "1",
        ComponentId.ONLY,
        Transport.UDP,
        1000,
        new CandidateAddress.Ip(address),
        type,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void failsWhereNobodyAnswers() throws Exception {
    TransportAddress nobody = new TransportAddress(Net.THERE, 9);
    assertEquals(
        IceFailure.NO_ANSWER, failure(peer(candidate(nobody, CandidateType.HOST))).reason());
  }

  @Test
  void failsWithoutCandidatesOfThePeer() throws Exception {
    assertEquals(IceFailure.NO_REMOTE_CANDIDATES, failure(peer()).reason());
  }

  @Test
  void failsWhereNothingFits() throws Exception {
    TransportAddress other = new TransportAddress(Net.ip("2001:db8::1"), 9);
    assertEquals(
        IceFailure.NOTHING_IN_COMMON, failure(peer(candidate(other, CandidateType.HOST))).reason());
  }

  @Test
  void failsWithoutCandidatesOfItsOwn() throws Exception {
    try (IceEngine engine = kind().make(List.of(), Optional.empty())) {
      Side side = new Side(engine, config(IceRole.CONTROLLING));
      side.connection().remote(peer());
      assertEquals(IceFailure.NO_LOCAL_CANDIDATES, side.awaitFailure().reason());
    }
  }

  @Test
  void failsWhereThePeerGaveUp() throws Exception {
    try (IceEngine engine = alone()) {
      Side side = new Side(engine, config(IceRole.CONTROLLING));
      side.connection().remote(peer());
      side.connection().peerFailed();
      assertEquals(IceFailure.PEER_GAVE_UP, side.awaitFailure().reason());
    }
  }

  @Test
  void refusesWhatItCannotDo() throws Exception {
    try (IceEngine engine = alone()) {
      opensOnlyWith(IceFeature.LITE, engine, config(IceRole.CONTROLLED).withLite());
      opensOnlyWith(
          IceFeature.COMPONENTS,
          engine,
          config(IceRole.CONTROLLED)
              .withComponents(Set.of(ComponentId.ONLY, new ComponentId(0, 2))));
    }
  }

  private void opensOnlyWith(IceFeature feature, IceEngine engine, IceConfig config) {
    if (can(feature)) {
      engine.open(config, event -> {}).close();
    } else {
      IllegalArgumentException refusal =
          assertThrows(IllegalArgumentException.class, () -> engine.open(config, event -> {}));
      String why = String.valueOf(refusal.getMessage());
      assertFalse(why.isBlank() || why.contains("\n"), why);
    }
  }

  @Test
  void carriesDatagramsAsLongAsItSays() throws Exception {
    try (Meeting meeting =
        new Meeting(kind(), config(IceRole.CONTROLLING), kind(), config(IceRole.CONTROLLED))) {
      meeting.atOnce().completed();
      meeting.here.reaches(meeting.there, Bytes.wrap(new byte[1_500]));
      Bytes large = Bytes.wrap(new byte[20_000]);
      if (can(IceFeature.LARGE_DATAGRAMS)) {
        meeting.here.reaches(meeting.there, large);
      } else {
        assertThrows(IllegalArgumentException.class, () -> meeting.here.connection().send(large));
      }
    }
  }

  @Test
  void promisesNothingOnceItIsClosed() throws Exception {
    IceEngine engine = alone();
    IceConnection closed = engine.open(config(IceRole.CONTROLLING), event -> {});
    IceConnection open = engine.open(config(IceRole.CONTROLLING), event -> {});
    assertFalse(open.complete().get(60, TimeUnit.SECONDS).candidates().isEmpty());
    closed.close();
    assertGone(closed);
    engine.close();
    assertGone(open);
    assertThrows(
        IllegalStateException.class, () -> engine.open(config(IceRole.CONTROLLING), event -> {}));
    engine.close();
    open.close();
  }

  private static void assertGone(IceConnection connection) {
    CompletionException gone =
        assertThrows(CompletionException.class, () -> connection.description().join());
    assertTrue(gone.toString().endsWith("the connection is closed"), gone.toString());
    assertThrows(CompletionException.class, () -> connection.restart().join());
    assertEquals(IceState.CLOSED, connection.state());
    assertTrue(connection.path().isEmpty());
    connection.send(Bytes.of(1));
  }

  private static InetAddress ip(Candidate candidate) {
    return candidate.address().known().orElseThrow().ip();
  }

  private static Set<CandidateType> types(IceDescription description) {
    EnumSet<CandidateType> types = EnumSet.noneOf(CandidateType.class);
    description.candidates().forEach(each -> types.add(each.type()));
    return types;
  }
}
