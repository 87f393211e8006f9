package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceStep;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whoever has a path first may send at once: what comes before the other's own check was answered
 * is told as soon as it is, and nothing is told before there is a path.
 */
class FirstDataTest {
  @ParameterizedTest
  @CsvSource({"open, open", "prc, prc", "arc, sym", "firewall, prc", "sym, sym"})
  void theFirstDatagramArrives(String one, String other) {
    for (int seed = 0; seed < 10; seed++) {
      SimMeeting meeting = SimMeeting.between(one, other, seed).build();
      meeting.watch.trace =
          (host, step) -> {
            SimPeer peer = host.equals("a") ? meeting.a : meeting.b;
            if (step instanceof IceStep.PathChosen) {
              meeting.lab.world().schedule(Duration.ZERO, () -> sayOnce(peer));
            }
          };
      meeting.meet();
      assertTrue(
          meeting.await(meeting::bothHear, Duration.ofSeconds(3)),
          one + " " + other + " " + seed + " " + meeting.story());
      for (SimPeer peer : List.of(meeting.a, meeting.b)) {
        assertEquals(List.of("0"), peer.texts());
        IceEvent first =
            peer.told(IceEvent.class).stream()
                .filter(each -> !(each instanceof IceEvent.StateChanged))
                .findFirst()
                .orElseThrow();
        assertTrue(first instanceof IceEvent.PathChanged, first.toString());
      }
    }
  }

  private static void sayOnce(SimPeer peer) {
    if (peer.said() == 0) {
      peer.say();
    }
  }
}
