package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where data may go past a session, as it tells. */
class DirectFlowsTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** What one peer's session told, held against what it knows after each event. */
  private static final class Told {
    private final List<DirectFlows> all = new ArrayList<>();

    Told(SimPeer peer) {
      peer.session.watchFlows(
          (link, flows) -> {
            all.add(flows);
            flows.proven().forEach(flow -> assertTrue(link.agent().isProven(flow)));
            flows.used().ifPresent(flow -> assertEquals(Optional.of(flow), used(link)));
          });
    }

    private static Optional<Flow> used(PeerLink link) {
      return link.path().map(path -> path.flow());
    }

    DirectFlows last() {
      return all.isEmpty() ? DirectFlows.NONE : all.get(all.size() - 1);
    }

    Set<Flow> everProven() {
      Set<Flow> flows = new HashSet<>();
      all.forEach(each -> flows.addAll(each.proven()));
      return flows;
    }
  }

  @Test
  void aDirectPathIsToldAndTakenBackWhenTheLinkCloses() {
    SimMeeting meeting = SimMeeting.between("prc", "prc", 5).build();
    Told a = new Told(meeting.a);
    Told b = new Told(meeting.b);
    meeting.meet();
    assertTrue(meeting.agree(SOON), meeting::story);
    assertEquals(Optional.of(meeting.path().flow()), a.last().used());
    assertTrue(a.last().proven().contains(meeting.path().flow()));
    assertTrue(b.last().used().isPresent() && b.last().room());
    PeerLink link = meeting.a.link();
    meeting.a.seat.execute(link::close);
    assertEquals(DirectFlows.NONE, a.last());
  }

  @Test
  void nothingMayGoOnceConsentHasEnded() {
    SimMeeting meeting = SimMeeting.between("prc", "prc", 6).relays(SimMeeting.Relays.NONE).build();
    Told a = new Told(meeting.a);
    meeting.meet();
    assertTrue(meeting.agree(SOON), meeting::story);
    meeting.b.seat.stop();
    meeting.lab.await(() -> a.last().equals(DirectFlows.NONE), Duration.ofSeconds(36));
    assertEquals(DirectFlows.NONE, a.last());
  }

  @Test
  void relaysNeedTheSession() {
    SimMeeting meeting = SimMeeting.between("prc", "prc", 7).policy(IcePolicy.RELAY_ONLY).build();
    Told a = new Told(meeting.a);
    meeting.meet();
    assertTrue(meeting.agree(SOON), meeting::story);
    assertEquals(Set.of(), a.everProven());
    assertEquals(Optional.empty(), a.last().used());
  }
}
