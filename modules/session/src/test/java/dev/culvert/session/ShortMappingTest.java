package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectServer;
import dev.culvert.detect.LocalInterface;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** NATs that forget after five seconds, and give another port then. */
class ShortMappingTest {
  private final SimWorld lab =
      SimWorld.up(
          LabSpec.builder()
              .seed(3)
              .home("a", "eim/apdf/random+timeout=5s")
              .home("b", "eim/apdf/random+timeout=5s")
              .build());
  private final TransportAddress server = new TransportAddress(ip("s1"), 3478);
  private final SimPeer a = peer("a");
  private final SimPeer b = peer("b");

  private InetAddress ip(String name) {
    return Objects.requireNonNull(lab.addresses().get(name)).get(0);
  }

  private SimPeer peer(String name) {
    SessionConfig config =
        SessionConfig.of(List.of(new LocalAddress("eth0", ip(name))))
            .asking(List.of(new NamedServer("s1", server)));
    return new SimPeer(lab.world(), lab.host(name), config);
  }

  private void serve() {
    SimRelay.on(lab, "s1");
  }

  private static IceConfig patient(IceRole role) {
    return IceConfig.standard(role).withPatience(Duration.ofHours(1));
  }

  private void connectAfter(Duration wait) {
    a.meet(b, patient(IceRole.CONTROLLING), Duration.ofMillis(40));
    lab.pass(wait);
    b.meet(a, patient(IceRole.CONTROLLED), Duration.ofMillis(40));
    assertTrue(
        lab.await(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(60)),
        () -> a.link().fates() + " " + b.link().fates());
  }

  @Test
  void areRemindedOftenEnoughOnceTheyWereMeasured() {
    serve();
    DetectConfig config =
        DetectConfig.of(List.of(DetectServer.of(server.ip().getHostAddress(), server.port())))
            .from(List.of(new LocalInterface("eth0", ip("a"))))
            .withSlowTests(Duration.ofSeconds(60));
    a.seat.execute(now -> a.session.detect(config, now));
    assertTrue(
        lab.await(
            () -> a.events.stream().anyMatch(SessionEvent.Detected.class::isInstance),
            Duration.ofMinutes(10)));
    connectAfter(Duration.ofMinutes(10));
    assertEquals(List.of(), a.advice());
  }

  @Test
  void areRemindedMoreOftenOnceTheyWereSeenToForget() {
    serve();
    a.obedient = true;
    b.obedient = true;
    connectAfter(Duration.ofMinutes(10));
    long after = a.advice().size();
    assertTrue(after <= 4, () -> "" + a.advice());
  }
}
