package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IcePolicy;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How many packets the easy cases take: as few as the table in docs/ice.md says, and no more. */
class PacketCountTest {
  private static void expect(SimMeeting meeting, String untilCompleted, String nextMinute) {
    meeting.meet();
    assertTrue(meeting.agree(Duration.ofSeconds(10)), meeting::story);
    String one = new TreeMap<>(meeting.watch.wire().counts()).toString();
    meeting.watch.wire().counts().clear();
    meeting.pass(Duration.ofMinutes(1));
    String other = new TreeMap<>(meeting.watch.wire().counts()).toString();
    assertEquals(untilCompleted + "\n" + nextMinute, one + "\n" + other);
    assertTrue(meeting.watch.fault().isEmpty(), meeting::story);
  }

  @Test
  void publicAddresses() {
    expect(
        SimMeeting.between("open", "open", 1).relays(SimMeeting.Relays.NONE).build(),
        "{a request=4, a success=2, a to peer=6, a to stun=1, b request=3, b success=4, b to"
            + " peer=7, b to stun=1}",
        "{a request=14, a success=14, a to peer=28, b request=13, b success=14, b to peer=27}");
  }

  @Test
  void portRestrictedNats() {
    expect(
        SimMeeting.between("prc", "prc", 1).relays(SimMeeting.Relays.NONE).build(),
        "{a request=5, a success=2, a to peer=7, a to stun=1, b request=4, b success=4, b to"
            + " peer=8, b to stun=1}",
        "{a request=18, a success=14, a to peer=32, b request=18, b success=13, b to peer=31}");
  }

  @Test
  void portRestrictedNatsWithARelay() {
    expect(
        SimMeeting.between("prc", "prc", 1).relays(SimMeeting.Relays.UDP).build(),
        "{a request=9, a success=5, a to peer=10, a to relay=8, a to stun=1, b request=9, b"
            + " success=6, b to peer=11, b to relay=8, b to stun=1}",
        "{a request=29, a success=27, a to peer=42, a to relay=15, a to stun=3, b request=29, b"
            + " success=26, b to peer=42, b to relay=14, b to stun=3}");
  }

  @Test
  void relayOnly() {
    expect(
        SimMeeting.between("prc", "prc", 1)
            .relays(SimMeeting.Relays.UDP)
            .policy(IcePolicy.RELAY_ONLY)
            .build(),
        "{a request=3, a success=2, a to relay=9, a to stun=1, b request=3, b success=3, b to"
            + " relay=9, b to stun=1}",
        "{a request=14, a success=14, a to relay=28, a to stun=3, b request=13, b success=14, b to"
            + " relay=28, b to stun=3}");
  }
}
