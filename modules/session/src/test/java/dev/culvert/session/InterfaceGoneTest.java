package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.World;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A host with two interfaces, of which the one in use is switched off. */
class InterfaceGoneTest {
  private static final LocalAddress CABLE = new LocalAddress("eth0", ip("198.51.100.1"));
  private static final LocalAddress RADIO = new LocalAddress("wlan0", ip("198.51.100.2"));
  private static final LocalAddress OTHER = new LocalAddress("eth0", ip("198.51.100.9"));
  private static final Duration SIGNALLING = Duration.ofMillis(30);

  private final World world = new World(17);
  private final SimPeer a = peer("a", List.of(CABLE, RADIO));
  private final SimPeer b = peer("b", List.of(OTHER));

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimPeer peer(String name, List<LocalAddress> addresses) {
    InetAddress[] ips = addresses.stream().map(LocalAddress::ip).toArray(InetAddress[]::new);
    Host host = world.internet().host(name, Link.of(Duration.ofMillis(10)), ips);
    return new SimPeer(world, host, SessionConfig.of(addresses));
  }

  private InetAddress used() {
    return a.link().path().orElseThrow().flow().local().ip();
  }

  @Test
  void dataGoesOnOverTheOtherOneAtOnce() {
    a.meet(b, IceConfig.standard(IceRole.CONTROLLING), SIGNALLING);
    b.meet(a, IceConfig.standard(IceRole.CONTROLLED), SIGNALLING);
    assertTrue(
        world.runUntil(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(10)));
    world.run(Duration.ofSeconds(5));
    assertEquals(CABLE.ip(), used());
    a.seat.execute(now -> a.session.use(List.of(RADIO), now));
    assertEquals(RADIO.ip(), used());
    a.send("on the air");
    world.run(Duration.ofSeconds(1));
    assertEquals(List.of("on the air"), b.texts());
    assertEquals(List.of(), a.told(IceEvent.PathLost.class));
    assertEquals(List.of("198.51.100.1 is no address of this host any more"), a.advice());
    assertEquals(1, a.session.sockets().size());
    world.run(Duration.ofMinutes(2));
    assertEquals(IceState.COMPLETED, a.state());
    assertEquals(IceState.COMPLETED, b.state());
  }

  @Test
  void withoutAnotherOneItIsOverUnlessThereIsANewOne() {
    a.meet(b, IceConfig.standard(IceRole.CONTROLLING), SIGNALLING);
    b.meet(a, IceConfig.standard(IceRole.CONTROLLED), SIGNALLING);
    world.run(Duration.ofSeconds(5));
    a.seat.execute(now -> a.session.use(List.of(), now));
    assertEquals(1, a.told(IceEvent.PathLost.class).size());
    a.seat.execute(now -> a.session.use(List.of(RADIO), now));
    a.restart();
    assertTrue(
        world.runUntil(
            () -> a.state() == IceState.COMPLETED && b.state() == IceState.COMPLETED,
            Duration.ofSeconds(10)),
        () -> a.link().fates() + " " + b.link().fates());
    assertEquals(RADIO.ip(), used());
  }
}
