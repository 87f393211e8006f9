package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.CandidateType;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceState;
import dev.culvert.natsim.Protocol;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What policies promise, on the wire. */
class PolicyTest {
  private static final List<String> PROFILES = List.of("open", "full", "prc", "sym", "cgn-home");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Where the packets come from that reach a host. */
  private static Set<InetAddress> sources(SimMeeting meeting, String host) {
    Set<InetAddress> sources = new HashSet<>();
    meeting
        .lab
        .world()
        .tap(
            host,
            (now, where, packet, outgoing) -> {
              if (!outgoing && packet.protocol() != Protocol.ICMP) {
                sources.add(packet.source().ip());
              }
            });
    return sources;
  }

  @Test
  void relayOnlyShowsThePeerNothingButTheRelay() {
    for (String one : PROFILES) {
      for (String other : PROFILES) {
        SimMeeting meeting =
            SimMeeting.between(one, other, 3)
                .policies(IcePolicy.RELAY_ONLY, IcePolicy.PREFER_DIRECT)
                .build();
        Set<InetAddress> seenByB = sources(meeting, "b");
        meeting.meet().chat(Duration.ofMillis(100));
        assertTrue(meeting.agree(LIMIT), meeting::story);
        meeting.pass(Duration.ofSeconds(20));
        assertTrue(meeting.watch.fault().isEmpty(), meeting::story);
        assertTrue(meeting.path().isRelayed(), meeting::story);
        assertTrue(meeting.b.heard() > 100 && meeting.a.heard() > 100, meeting::story);
        assertEquals(Set.of(meeting.relay.address.ip()), seenByB, meeting::story);
        assertTrue(
            meeting.a.link().description().candidates().stream()
                .allMatch(
                    each ->
                        each.type() == CandidateType.RELAYED
                            && each.related().isEmpty()
                            && each.address()
                                .known()
                                .orElseThrow()
                                .ip()
                                .equals(meeting.relay.address.ip())));
      }
    }
  }

  @Test
  void directOnlyNeverTalksToARelay() {
    for (String one : PROFILES) {
      for (String other : PROFILES) {
        boolean direct = SimReach.direct(profile(one), profile(other));
        SimMeeting meeting =
            SimMeeting.between(one, other, 3)
                .policies(IcePolicy.DIRECT_ONLY, IcePolicy.DIRECT_ONLY)
                .build()
                .meet()
                .chat(Duration.ofMillis(100));
        if (direct) {
          assertTrue(meeting.agree(LIMIT), meeting::story);
          meeting.pass(Duration.ofSeconds(20));
          assertTrue(meeting.b.heard() > 100 && meeting.a.heard() > 100, meeting::story);
        } else {
          assertTrue(
              meeting.await(
                  () ->
                      meeting.a.state() == IceState.FAILED && meeting.b.state() == IceState.FAILED,
                  LIMIT),
              meeting::story);
        }
        assertTrue(meeting.watch.fault().isEmpty(), meeting::story);
        assertEquals(0, meeting.relay.engine.allocations());
        assertEquals(0, meeting.watch.wire().count("a", "to relay"));
        assertEquals(0, meeting.watch.wire().count("b", "to relay"));
      }
    }
  }

  private static dev.culvert.lab.spec.Profile profile(String name) {
    return dev.culvert.lab.spec.Profile.named(name).orElseThrow();
  }

  /** The peer is direct-only: it never used the other side's relay either. */
  @Test
  void directOnlyOfOneSideIsEnough() {
    SimMeeting meeting =
        SimMeeting.between("prc", "prc", 5)
            .policies(IcePolicy.PREFER_DIRECT, IcePolicy.DIRECT_ONLY)
            .build();
    Set<InetAddress> seenByB = sources(meeting, "b");
    meeting.meet().chat(Duration.ofMillis(100));
    assertTrue(meeting.agree(LIMIT), meeting::story);
    meeting.pass(Duration.ofSeconds(5));
    assertTrue(!meeting.path().isRelayed() && meeting.watch.fault().isEmpty(), meeting::story);
    assertEquals(0, meeting.watch.wire().count("b", "to relay"));
    assertTrue(seenByB.contains(meeting.ip("a-nat")));
  }

  /** The direct path works from some moment on only; whatever was sent before and after arrives. */
  @Test
  void preferDirectLeavesTheRelayWithoutALoss() {
    for (String other : List.of("open", "prc", "linux", "cgn-home")) {
      for (int seed = 0; seed < 20; seed++) {
        SimMeeting meeting = SimMeeting.between("prc", other, seed).build();
        Set<InetAddress> relays = Set.of(meeting.relay.address.ip());
        meeting.a.wall.cutOff(ip -> !relays.contains(ip));
        meeting.b.wall.cutOff(ip -> !relays.contains(ip));
        meeting.meet();
        assertTrue(meeting.agree(LIMIT), meeting::story);
        assertTrue(meeting.path().isRelayed(), meeting::story);
        meeting.chat(Duration.ofMillis(5));
        meeting.a.wall.cutOff(ip -> false);
        meeting.b.wall.cutOff(ip -> false);
        assertTrue(
            meeting.await(() -> meeting.agree() && !meeting.path().isRelayed(), LIMIT),
            meeting::story);
        meeting.pass(Duration.ofSeconds(2));
        for (SimPeer peer : List.of(meeting.a, meeting.b)) {
          assertEquals(
              IntStream.range(0, peer.heard() + 1).mapToObj(Integer::toString).toList(),
              peer.texts().stream().map(Integer::valueOf).sorted().map(Object::toString).toList(),
              () -> "seed " + meeting.lab.spec().seed());
        }
        assertTrue(meeting.a.heard() > 380 && meeting.b.heard() > 380, meeting::story);
        assertTrue(meeting.watch.fault().isEmpty(), meeting::story);
      }
    }
  }
}
