package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.rendezvous.call.InviteSecret;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.meet.MeetEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeetTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static boolean talk(SimCaller one, SimCaller other) {
    return one.connected() > 0 && other.connected() > 0;
  }

  /** What each says over the last call reaches the other. */
  private static void assertTalk(SimCrowd crowd, SimCaller one, SimCaller other, String what) {
    one.send(one.lastCall(), what);
    other.send(other.lastCall(), what);
    crowd.until(Duration.ofSeconds(2), "data: " + what, () -> one.heard(what) && other.heard(what));
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void twoBehindNatsMeet(boolean symmetricCaller, boolean symmetricCallee) {
    SimCrowd crowd = new SimCrowd(1, 3);
    SimCaller a =
        crowd.settler(symmetricCaller ? SimCrowd.SYMMETRIC : SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b =
        crowd.settler(symmetricCallee ? SimCrowd.SYMMETRIC : SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    assertEquals(0, crowd.datagrams("peer0") + crowd.datagrams("peer1"), "nobody gathers yet");
    long call = a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    assertTalk(crowd, a, b, "hello");
    assertEquals(1, a.calls(CallEvent.Measured.class).size());
    // A symmetric one has nothing but the relays that the nodes offered.
    assertEquals(
        symmetricCaller || symmetricCallee,
        a.peer.link(call).orElseThrow().path().orElseThrow().isRelayed());
    for (SimCaller each : List.of(a, b)) {
      assertFalse(
          crowd.firstDatagram(each.name).orElseThrow().isBefore(each.firstOpened().orElseThrow()),
          "no socket spoke before both had agreed");
    }
    a.hangUp(call);
    crowd.until(SOON, "the end", () -> b.end(b.lastCall()).isPresent());
    assertEquals(Optional.of(CallEnd.PEER_LEFT), b.end(b.lastCall()));
    assertEquals(List.of(), a.peer.session().links());
    assertEquals(List.of(), b.peer.session().links());
  }

  /** When a node dies. */
  private enum Step {
    BEFORE_THE_CALL,
    CALLED,
    ASKED,
    OPENED_THERE,
    OPENED_HERE,
    CANDIDATE,
    CONNECTED;

    private boolean isAt(MeetEvent event) {
      return switch (this) {
        case BEFORE_THE_CALL, CALLED -> false;
        case ASKED ->
            event instanceof MeetEvent.Calling its && its.event() instanceof CallEvent.Asked;
        case OPENED_THERE -> event instanceof MeetEvent.Opened its && !its.caller();
        case OPENED_HERE -> event instanceof MeetEvent.Opened its && its.caller();
        case CANDIDATE ->
            event instanceof MeetEvent.Session its
                && its.event() instanceof SessionEvent.LocalCandidate;
        case CONNECTED -> event instanceof MeetEvent.Connected;
      };
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE_THE_CALL, 0", "BEFORE_THE_CALL, 1", "BEFORE_THE_CALL, 2",
    "CALLED, 0", "CALLED, 1", "CALLED, 2",
    "ASKED, 0", "ASKED, 1", "ASKED, 2",
    "OPENED_THERE, 0", "OPENED_THERE, 1", "OPENED_THERE, 2",
    "OPENED_HERE, 0", "OPENED_HERE, 1", "OPENED_HERE, 2",
    "CANDIDATE, 0", "CANDIDATE, 1", "CANDIDATE, 2",
    "CONNECTED, 0", "CONNECTED, 1", "CONNECTED, 2",
  })
  void oneOfThreeNodesDiesAtAnyStep(Step step, int rank) {
    SimCrowd crowd = new SimCrowd(step.name().length() * 3L + rank, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    SimCrowd.Place victim = crowd.ranking(b.id()).get(rank);
    boolean[] killed = new boolean[1];
    Runnable kill =
        () -> {
          if (!killed[0]) {
            killed[0] = true;
            crowd.world.schedule(Duration.ZERO, victim::kill);
          }
        };
    for (SimCaller each : List.of(a, b)) {
      each.listener =
          event -> {
            if (step.isAt(event)) {
              kill.run();
            }
          };
    }
    if (step == Step.BEFORE_THE_CALL) {
      kill.run();
    }
    long call = a.call(b);
    if (step == Step.CALLED) {
      kill.run();
    }
    crowd.until(SOON, "a path", () -> talk(a, b));
    crowd.world.run(Duration.ofSeconds(1));
    assertTrue(killed[0]);
    assertTalk(crowd, a, b, "still here");
    assertEquals(1, b.told(MeetEvent.Opened.class).size(), "one call");
    a.hangUp(call);
    crowd.until(SOON, "the end", () -> b.end(b.lastCall()).isPresent());
    // Calls to come go on, too, and the other way round.
    SimCaller c = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    crowd.untilAttached(a, b, c);
    c.call(b);
    crowd.until(SOON, "another call", () -> c.connected() == 1 && b.connected() == 2);
  }

  @Test
  void callsOutliveAllNodesAndSignalsComeAgainWithThem() {
    SimCrowd crowd = new SimCrowd(5, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    long call = a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    crowd.nodes.forEach(SimCrowd.Place::kill);
    crowd.world.run(Duration.ofMinutes(2));
    assertTalk(crowd, a, b, "without any node");
    assertEquals(Optional.empty(), a.end(call));
    assertFalse(nobodyAnswers(a).isEmpty());
    String before = ufrag(a, call);
    a.seat.execute(now -> a.peer.link(call).orElseThrow().restart(now));
    a.seat.execute(a.peer::touched);
    crowd.world.run(Duration.ofSeconds(5));
    assertTalk(crowd, a, b, "on the old path");
    crowd.nodes.forEach(SimCrowd.Place::start);
    crowd.until(
        Duration.ofMinutes(3),
        "the restart",
        () -> answering(b, b.lastCall()).equals(Optional.of(ufrag(a, call))));
    assertFalse(before.equals(ufrag(a, call)));
    crowd.world.run(Duration.ofSeconds(10));
    assertTalk(crowd, a, b, "on the new one");
  }

  private static List<AttachmentEvent> nobodyAnswers(SimCaller caller) {
    return caller.told(MeetEvent.Nodes.class).stream()
        .map(MeetEvent.Nodes::event)
        .filter(AttachmentEvent.NobodyAnswers.class::isInstance)
        .toList();
  }

  private static String ufrag(SimCaller caller, long call) {
    return caller.peer.link(call).orElseThrow().description().parameters().credentials().ufrag();
  }

  private static Optional<String> answering(SimCaller caller, long call) {
    return caller.peer.link(call).orElseThrow().description().parameters().answering();
  }

  @Test
  void nodesThatComeBackEmptyKnowEverybodySoon() {
    SimCrowd crowd = new SimCrowd(6, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    crowd.nodes.forEach(SimCrowd.Place::kill);
    crowd.world.run(Duration.ofSeconds(5));
    crowd.nodes.forEach(SimCrowd.Place::start);
    crowd.until(
        Duration.ofMinutes(2), "attached again", () -> b.peer.attachments().attached().size() == 2);
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
  }

  private enum Kind {
    OPEN,
    CONTACTS,
    INVITE
  }

  private enum Who {
    STRANGER,
    CONTACT,
    INVITED
  }

  @ParameterizedTest
  @CsvSource({
    "OPEN, STRANGER, true", "OPEN, CONTACT, true", "OPEN, INVITED, true",
    "CONTACTS, STRANGER, false", "CONTACTS, CONTACT, true", "CONTACTS, INVITED, false",
    "INVITE, STRANGER, false", "INVITE, CONTACT, true", "INVITE, INVITED, true",
  })
  void nobodyGathersForWhomThePolicyRefuses(Kind kind, Who who, boolean may) {
    SimCrowd crowd = new SimCrowd(7, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    Invite invite = Invite.to(b.id(), crowd.all(), crowd.random);
    AcceptPolicy contacts = AcceptPolicy.contacts(who == Who.CONTACT ? Set.of(a.id()) : Set.of());
    AcceptPolicy policy =
        switch (kind) {
          case OPEN -> AcceptPolicy.open();
          case CONTACTS -> contacts;
          case INVITE ->
              contacts.inviting(
                  List.of(
                      new InviteSecret(
                          invite.secret(), crowd.time().plus(Duration.ofHours(1)), true)));
        };
    b.seat.execute(now -> b.peer.policy(policy, now));
    crowd.untilAttached(a, b);
    long call = a.call(b, who == Who.INVITED ? Optional.of(invite.secret()) : Optional.empty());
    crowd.world.run(Duration.ofSeconds(40));
    assertEquals(may, talk(a, b));
    if (may) {
      assertFalse(
          crowd.firstDatagram("peer1").orElseThrow().isBefore(b.firstOpened().orElseThrow()));
      assertFalse(
          crowd.firstDatagram("peer0").orElseThrow().isBefore(a.firstOpened().orElseThrow()));
    } else {
      assertEquals(Optional.of(CallEnd.TIMED_OUT), a.end(call));
      assertEquals(b.events.size(), b.told(MeetEvent.Nodes.class).size(), "nobody is bothered");
      assertEquals(0, crowd.datagrams("peer0"), "the caller shows itself to nobody, either");
      assertEquals(0, crowd.datagrams("peer1"));
    }
  }

  @Test
  void whileTheOwnerThinksNothingIsGathered() {
    SimCrowd crowd = new SimCrowd(8, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    b.accepts = false;
    crowd.untilAttached(a, b);
    long call = a.call(b);
    crowd.until(SOON, "ringing", () -> !a.calls(CallEvent.Ringing.class).isEmpty());
    crowd.world.run(Duration.ofSeconds(20));
    assertEquals(0, crowd.datagrams("peer0") + crowd.datagrams("peer1"));
    long asked = b.calls(CallEvent.Asked.class).get(0).call();
    b.seat.execute(now -> b.peer.decline(asked, now));
    crowd.until(SOON, "no", () -> a.end(call).isPresent());
    assertEquals(Optional.of(CallEnd.DECLINED), a.end(call));
    assertEquals(0, crowd.datagrams("peer0") + crowd.datagrams("peer1"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whoCallEachOtherAtOnceGetOnePath(long seed) {
    SimCrowd crowd = new SimCrowd(seed, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    crowd.untilAttached(a, b);
    a.call(b);
    crowd.world.run(Duration.ofMillis(crowd.random.nextInt(60)));
    b.call(a);
    crowd.until(SOON, "a path", () -> talk(a, b));
    crowd.world.run(Duration.ofSeconds(10));
    assertEquals(1, a.told(MeetEvent.Opened.class).size());
    assertEquals(1, b.told(MeetEvent.Opened.class).size());
    assertTalk(crowd, a, b, "hello");
  }

  /** The end of one call, which is on its way yet, ends no other. */
  @ParameterizedTest
  @CsvSource({
    "1, true, true, false", "2, true, false, true", "3, true, true, true", "4, false, true, false",
    "5, false, false, true", "6, false, true, true", "7, true, true, true", "8, false, true, true",
  })
  void oneMayCallAgainRightAfterClosing(
      long seed, boolean callerCloses, boolean callerCalls, boolean calleeCalls) {
    SimCrowd crowd = new SimCrowd(seed, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    SimCaller closing = callerCloses ? a : b;
    closing.hangUp(closing.lastCall());
    Optional<Long> fromA = callerCalls ? Optional.of(a.call(b)) : Optional.empty();
    Optional<Long> fromB = calleeCalls ? Optional.of(b.call(a)) : Optional.empty();
    crowd.until(SOON, "another path", () -> a.connected() == 2 && b.connected() == 2);
    crowd.world.run(Duration.ofSeconds(15));
    assertEquals(Optional.empty(), fromA.flatMap(a::end));
    assertEquals(Optional.empty(), fromB.flatMap(b::end));
    assertEquals(1, a.peer.session().links().size());
    assertEquals(1, b.peer.session().links().size());
    assertTalk(crowd, a, b, "again");
  }

  @Test
  void anotherNetworkIsFoundOverTheSameCall() {
    SimCrowd crowd = new SimCrowd(9, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    long call = a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    crowd.move(a);
    crowd.world.run(Duration.ofSeconds(40));
    assertTalk(crowd, a, b, "from elsewhere");
    assertEquals(Optional.empty(), a.end(call));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallEndsForWhomTheOtherOneVanishes(boolean callee) {
    SimCrowd crowd = new SimCrowd(13, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    SimCaller left = callee ? a : b;
    (callee ? b : a).seat.stop();
    long call = left.lastCall();
    crowd.until(Duration.ofMinutes(3), "the end", () -> left.end(call).isPresent());
    assertEquals(Optional.of(CallEnd.NO_PATH), left.end(call));
    assertEquals(List.of(), left.peer.session().links());
  }

  @Test
  void whomAPeerBlocksFromTheStartItsNodesKeepAway() {
    SimCrowd crowd = new SimCrowd(14, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open().blocking(Set.of(a.id())));
    crowd.untilAttached(a, b);
    crowd.world.run(Duration.ofSeconds(1));
    long call = a.call(b);
    crowd.until(SOON, "the end", () -> a.end(call).isPresent());
    assertEquals(Optional.of(CallEnd.BLOCKED), a.end(call));
  }

  @Test
  void aPeerThatServesTakesOverWhenEveryConfiguredNodeIsGone() {
    SimCrowd crowd = new SimCrowd(10, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    SimCaller server = crowd.open(AcceptPolicy.nobody());
    server.know(crowd.all());
    String url = "wss://" + server.address.getHostAddress() + "/";
    SimRelay relay = crowd.relay("relay of a peer", "203.0.113.200");
    String stun = relay.address.ip().getHostAddress() + ":" + relay.address.port();
    crowd.serve(
        server.host,
        server.key,
        NodeConfig.standard().at(List.of(url)).withStun(List.of(stun)),
        new TransportAddress(server.address, 443));
    Signed record =
        new NodeRecord(server.id(), List.of(url), crowd.time().plus(Duration.ofHours(1)))
            .sign(server.key);
    server.seat.execute(now -> server.peer.announce(Optional.of(record), now));
    crowd.untilAttached(a, b, server);
    crowd.until(
        Duration.ofMinutes(15),
        "everybody knows it",
        () ->
            List.of(a, b).stream()
                .allMatch(
                    each ->
                        each.peer.attachments().nodes().stream()
                            .anyMatch(its -> its.id().equals(Optional.of(server.id())))));
    crowd.nodes.forEach(SimCrowd.Place::kill);
    crowd.until(
        Duration.ofMinutes(2),
        "both are attached to it",
        () ->
            List.of(a, b).stream()
                .allMatch(
                    each ->
                        each.peer.attachments().attached().stream()
                            .anyMatch(its -> its.node().equals(server.id()))));
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    // Somebody who was never there before gets no more than b's invite.
    List<KnownNode> present =
        b.peer.attachments().attached().stream()
            .map(its -> new KnownNode(Optional.of(its.node()), List.of(its.url()), NodeSource.TOLD))
            .toList();
    Invite invite = Invite.to(b.id(), present, crowd.random);
    b.seat.execute(
        now ->
            b.peer.policy(
                AcceptPolicy.nobody()
                    .inviting(
                        List.of(
                            new InviteSecret(
                                invite.secret(), crowd.time().plus(Duration.ofHours(1)), true))),
                now));
    SimCaller newcomer = crowd.peer(SimCrowd.CONE, AcceptPolicy.nobody());
    newcomer.know(invite.nodes());
    newcomer.call(b, Optional.of(invite.secret()));
    crowd.until(SOON, "the newcomer", () -> newcomer.connected() == 1 && b.connected() == 2);
    assertTalk(crowd, newcomer, b, "thanks");
  }

  @Test
  void whoKnowsNoNodeFindsOneNextDoor() {
    SimCrowd crowd = new SimCrowd(12, 0);
    List<SimCaller> home = crowd.home(3);
    SimCaller server = home.get(0);
    String url = "wss://" + server.address.getHostAddress() + "/";
    crowd.serve(
        server.host,
        server.key,
        NodeConfig.standard().at(List.of(url)),
        new TransportAddress(server.address, 443));
    server.seat.execute(now -> server.peer.showAround(443, List.of(server.address), now));
    home.forEach(each -> each.know(List.of()));
    SimCaller a = home.get(1);
    SimCaller b = home.get(2);
    crowd.until(
        SOON,
        "attached",
        () ->
            List.of(a, b).stream()
                .allMatch(each -> each.peer.attachments().attached().size() == 1));
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    assertTalk(crowd, a, b, "hello, neighbour");
  }

  @Test
  void closingEndsCallsAndLetsNodesGo() {
    SimCrowd crowd = new SimCrowd(11, 3);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.CONE, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    a.call(b);
    crowd.until(SOON, "a path", () -> talk(a, b));
    a.seat.execute(a.peer::close);
    crowd.until(SOON, "closed", () -> !a.told(MeetEvent.Closed.class).isEmpty());
    crowd.until(SOON, "b knows", () -> b.end(b.lastCall()).isPresent());
    assertEquals(Optional.of(CallEnd.PEER_LEFT), b.end(b.lastCall()));
    long again = b.call(a);
    crowd.world.run(Duration.ofSeconds(15));
    assertTrue(Set.of(CallEnd.OFFLINE, CallEnd.UNKNOWN_PEER).contains(b.end(again).orElseThrow()));
  }
}
