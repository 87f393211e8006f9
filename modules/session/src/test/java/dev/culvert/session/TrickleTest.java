package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceStep;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How soon the offering side has a path where candidates are told one by one (RFC 8838): counted
 * from the arrival of the answer, with signalling as slow as the packets of the peers, and servers
 * half as far.
 */
class TrickleTest {
  private static final Duration ROUND_TRIP = Duration.ofMillis(100);
  private static final Duration ONE_WAY = ROUND_TRIP.dividedBy(2);

  /** For the machines' own steps: slots of the pacing. */
  private static final double SLACK = 0.12;

  @ParameterizedTest
  @CsvSource({
    "open, open, true, 1",
    "prc, prc, true, 1",
    "linux, linux, true, 1",
    "full, sym, true, 1",
    "firewall, prc, true, 1",
    "arc, sym, true, 1.5",
    "prc, prc, false, 1.5",
    "linux, linux, false, 1.5",
    "firewall, firewall, false, 1.5",
    "full, sym, false, 1.5",
    "sym, sym, true, 3",
    "prc, sym, true, 3",
    "sym, sym, false, 3",
    "prc, sym, false, 3",
  })
  void thereIsAPathSoon(String one, String other, boolean beforehand, double roundTrips) {
    SimMeeting meeting =
        SimMeeting.between(one, other, 5)
            .lines(
                SimMeeting.line(ROUND_TRIP.dividedBy(4)), SimMeeting.line(ROUND_TRIP.dividedBy(4)))
            .relays(SimMeeting.Relays.UDP)
            .build();
    if (beforehand) {
      for (SimPeer peer : List.of(meeting.a, meeting.b)) {
        peer.seat.execute(peer.session::gather);
      }
      meeting.pass(Duration.ofSeconds(2));
    }
    Map<String, MonotonicTime> paths = new HashMap<>();
    meeting.watch.trace =
        (host, step) -> {
          if (step instanceof IceStep.PathChosen) {
            paths.putIfAbsent(host, meeting.lab.world().now());
          }
        };
    IcePolicy policy = IcePolicy.PREFER_DIRECT;
    MonotonicTime begin = meeting.lab.world().now();
    meeting.a.meet(meeting.b, SimMeeting.configOf(IceRole.CONTROLLING, policy), ONE_WAY);
    meeting
        .lab
        .world()
        .schedule(
            ONE_WAY,
            () ->
                meeting.b.meet(
                    meeting.a, SimMeeting.configOf(IceRole.CONTROLLED, policy), ONE_WAY));
    assertTrue(meeting.await(() -> paths.size() == 2, Duration.ofSeconds(5)), meeting::story);
    Duration took = Objects.requireNonNull(paths.get("a")).since(begin.plus(ROUND_TRIP));
    assertTrue(took.toMillis() <= (roundTrips + SLACK) * ROUND_TRIP.toMillis(), took.toString());
  }
}
