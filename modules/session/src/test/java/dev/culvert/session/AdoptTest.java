package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IcePath;
import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Paths that somebody else has opened: taken over at any moment, by either side, by one alone. */
class AdoptTest {
  private static final long HOLE = 1L << 43;
  private static final Duration SOON = Duration.ofSeconds(20);

  private final SimMeeting meeting;

  /** Two whose sessions' own sockets do not reach each other. */
  AdoptTest() {
    meeting = meeting(IcePolicy.PREFER_DIRECT);
  }

  private static SimMeeting meeting(IcePolicy ofA) {
    SimMeeting its =
        SimMeeting.between("open", "open", 3).policies(ofA, IcePolicy.PREFER_DIRECT).build();
    its.a.session.watchFlows((link, flows) -> {});
    its.a.wall.swallow(send -> isBetweenSessions(its, send.flow()));
    its.b.wall.swallow(send -> isBetweenSessions(its, send.flow()));
    return its;
  }

  private static boolean isBetweenSessions(SimMeeting its, Flow flow) {
    boolean toPeer =
        flow.remote().ip().equals(its.ip("a")) || flow.remote().ip().equals(its.ip("b"));
    boolean toHole =
        its.a.wall.owns(flow.remote()) || its.b.wall.owns(flow.remote()) || flow.id() >= HOLE;
    return toPeer && !toHole;
  }

  private TransportAddress hole(SimPeer peer, String host) {
    peer.wall.bind(HOLE, meeting.ip(host));
    peer.seat.execute(now -> {});
    meeting.pass(Duration.ofMillis(1));
    TransportAddress address = peer.wall.bound().orElseThrow();
    meeting.watch.side(host).orElseThrow().told.add(address);
    return address;
  }

  private static boolean adopt(SimPeer peer, long id, TransportAddress from, TransportAddress to) {
    boolean[] taken = new boolean[1];
    peer.seat.execute(
        now -> taken[0] = peer.link().adopt(new Flow(id, Transport.UDP, from, to), now));
    return taken[0];
  }

  private boolean isDirect() {
    return meeting.agree() && !meeting.isRelayed();
  }

  private void relayed() {
    meeting.meet();
    assertTrue(meeting.agree(SOON), meeting::story);
    assertTrue(meeting.isRelayed(), meeting::story);
    meeting.chat(Duration.ofMillis(100)).pass(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @CsvSource({"true, 0", "true, 4000", "true, 15000", "false, 0", "false, 4000", "false, 15000"})
  void bothTakeItOverLongAfterTheyHaveConnected(boolean controllingFirst, int millisApart) {
    relayed();
    TransportAddress ofA = hole(meeting.a, "a");
    TransportAddress ofB = hole(meeting.b, "b");
    Runnable one = () -> assertTrue(adopt(meeting.a, HOLE, ofA, ofB));
    Runnable other = () -> assertTrue(adopt(meeting.b, HOLE, ofB, ofA));
    (controllingFirst ? one : other).run();
    meeting.pass(Duration.ofMillis(millisApart));
    (controllingFirst ? other : one).run();
    assertTrue(meeting.await(this::isDirect, SOON), meeting::story);
    assertEquals(
        Optional.of(new Flow(HOLE, Transport.UDP, ofA, ofB)), meeting.a.path().map(IcePath::flow));
    assertEquals(Optional.of(meeting.path().flow()), meeting.a.link().flows().used());
    int heard = meeting.a.heard();
    meeting.pass(Duration.ofSeconds(40));
    assertTrue(meeting.a.heard() > heard + 300 && isDirect(), meeting::story);
    assertEquals(Optional.empty(), meeting.watch.fault());

    meeting.a.restart();
    meeting.pass(Duration.ofSeconds(1));
    assertTrue(meeting.await(this::isDirect, SOON), meeting::story);
    meeting.a.seat.execute(meeting.a.link()::close);
    assertEquals(List.of(HOLE), meeting.a.wall.closed());
  }

  @Test
  void oneSideAloneIsEnoughWhereTheOtherHasNoFurtherSocket() {
    relayed();
    TransportAddress ofB = hole(meeting.b, "b");
    TransportAddress main = meeting.a.session.sockets().get(0);
    assertTrue(adopt(meeting.b, HOLE, ofB, main));
    assertTrue(meeting.await(this::isDirect, SOON), meeting::story);
    assertEquals(ofB, meeting.path().flow().remote());
    assertEquals(Optional.empty(), meeting.watch.fault());
  }

  @Test
  void aHoleMayBeThereBeforeThePeerIsKnown() {
    meeting.meet();
    meeting.pass(Duration.ofMillis(5));
    TransportAddress ofA = hole(meeting.a, "a");
    TransportAddress ofB = hole(meeting.b, "b");
    assertTrue(adopt(meeting.a, HOLE, ofA, ofB));
    assertTrue(adopt(meeting.b, HOLE, ofB, ofA));
    assertTrue(meeting.await(this::isDirect, SOON), meeting::story);
    assertEquals(Optional.empty(), meeting.watch.fault());
  }

  @Test
  void aHoleThatLargeDatagramsDoNotPassIsNoBetterThanTheRelay() {
    meeting.a.wall.swallow(
        send ->
            isBetweenSessions(meeting, send.flow())
                || (send.flow().id() == HOLE && send.payload().length() >= 1200));
    relayed();
    TransportAddress ofA = hole(meeting.a, "a");
    TransportAddress ofB = hole(meeting.b, "b");
    assertTrue(adopt(meeting.a, HOLE, ofA, ofB));
    assertTrue(adopt(meeting.b, HOLE, ofB, ofA));
    meeting.pass(Duration.ofSeconds(20));
    assertTrue(meeting.agree() && meeting.isRelayed(), meeting::story);
    assertFalse(meeting.path().narrow());
  }

  @Test
  void whatLeadsNowhereOrIsNotAllowedStaysTheOwners() {
    relayed();
    TransportAddress ofA = hole(meeting.a, "a");
    TransportAddress nowhere = new TransportAddress(meeting.ip("b"), 0);
    assertFalse(adopt(meeting.a, HOLE, ofA, nowhere));
    SimMeeting hidden = meeting(IcePolicy.RELAY_ONLY);
    hidden.meet();
    assertTrue(hidden.agree(SOON), hidden::story);
    assertFalse(adopt(hidden.a, HOLE, ofA, new TransportAddress(hidden.ip("b"), 4000)));
    meeting.a.seat.execute(meeting.a.link()::close);
    assertEquals(List.of(), meeting.a.wall.closed());
  }
}
