package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ICE-TCP on the sockets of a session (RFC 6544). */
class TcpSessionTest {
  private final SimWorld lab =
      SimWorld.up(LabSpec.builder().seed(5).home("a", "blocked").home("b", "open").build());

  private SimPeer peer(String name) {
    LocalAddress address =
        new LocalAddress("eth0", Objects.requireNonNull(lab.addresses().get(name)).get(0));
    return new SimPeer(lab.world(), lab.host(name), SessionConfig.of(List.of(address)).withTcp());
  }

  @ParameterizedTest
  @EnumSource(IceRole.class)
  void connectsFromWhereUdpIsBlocked(IceRole role) {
    SimPeer a = peer("a");
    SimPeer b = peer("b");
    a.meet(b, IceConfig.standard(role), Duration.ofMillis(30));
    b.meet(a, IceConfig.standard(role.opposite()), Duration.ofMillis(30));
    assertTrue(
        lab.await(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(20)),
        () -> a.link().fates() + " " + b.link().fates());
    assertEquals(Transport.TCP, a.link().path().orElseThrow().flow().transport());
    for (int i = 0; i < 20; i++) {
      a.send("a" + i);
      b.send("b" + i);
    }
    lab.pass(Duration.ofSeconds(1));
    assertEquals(20, a.texts().size());
    assertEquals(20, b.texts().size());
    b.seat.execute(now -> b.link().close(now));
    assertTrue(lab.await(() -> a.state() == IceState.FAILED, Duration.ofMinutes(1)));
  }

  /** Whoever connects has ten seconds to show that he is a peer, and there is room for few. */
  @Test
  void strangersAreShownOut() {
    TransportAddress local = new TransportAddress(ip("b"), 4000);
    PeerSession session =
        new PeerSession(
            SessionConfig.of(List.of(new LocalAddress("eth0", ip("b")))).withTcp(), new Random(1));
    MonotonicTime now = new MonotonicTime(0);
    session.open(IceConfig.standard(IceRole.CONTROLLED), now);
    List<Long> open = new ArrayList<>();
    for (int i = 1; i <= 1_000; i++) {
      TransportAddress remote = new TransportAddress(ip("a"), i);
      session.accept(new Input.Opened(new Flow(-i, Transport.TCP, local, remote)), now);
      open.add((long) -i);
    }
    open.removeAll(closed(session));
    assertTrue(open.size() <= 256, () -> open.size() + " strangers");
    long some = open.remove(0);
    Flow flow = new Flow(some, Transport.TCP, local, new TransportAddress(ip("a"), (int) -some));
    session.receive(flow, LengthFraming.frame(Bytes.utf8("GET / HTTP/1.1")), now);
    assertEquals(Set.of(some), closed(session));
    session.advance(now.plus(Duration.ofSeconds(11)));
    open.removeAll(closed(session));
    assertEquals(List.of(), open);
  }

  private static Set<Long> closed(PeerSession session) {
    Set<Long> ids = new HashSet<>();
    for (Optional<Output> next = session.pollOutput();
        next.isPresent();
        next = session.pollOutput()) {
      if (next.get() instanceof Output.Close close) {
        ids.add(close.id());
      }
    }
    return ids;
  }

  private InetAddress ip(String name) {
    return Objects.requireNonNull(lab.addresses().get(name)).get(0);
  }
}
