package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Protocol;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ICE-TCP (RFC 6544) between simulated hosts and through simulated NATs. */
class TcpTest {
  private static final Duration TICK = Duration.ofMillis(10);
  private static final NatBehaviour KEEPS_PORTS =
      NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT)
          .ports(PortRule.preserving());

  private final World world = new World(5);
  private SimAgent a = onTheInternet(250, IceRole.CONTROLLING, true);
  private SimAgent b = onTheInternet(251, IceRole.CONTROLLED, true);

  private static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  private SimAgent onTheInternet(int number, IceRole role, boolean udp, TcpType... types) {
    InetAddress ip = ip("198.51.100." + number);
    return SimAgent.withTcp(
        world,
        world.internet().host("host" + number, Link.of(TICK), ip),
        ip,
        Optional.empty(),
        udp,
        IceConfig.standard(role),
        types);
  }

  private SimAgent behind(
      int number, NatBehaviour nat, IceRole role, boolean udp, TcpType... types) {
    InetAddress ip = ip("192.168." + number + ".2");
    InetAddress outside = ip("192.0.2." + number);
    Host host =
        world
            .internet()
            .nat("nat" + number, Link.of(TICK), nat, outside)
            .inside()
            .host("host" + number, Link.of(Duration.ofMillis(1)), ip);
    return SimAgent.withTcp(
        world, host, ip, Optional.of(outside), udp, IceConfig.standard(role), types);
  }

  private void connects() {
    SimAgent.meet(a, b, Duration.ofMillis(40));
    assertTrue(
        world.runUntil(
            () -> a.agent.state() == IceState.COMPLETED && b.agent.state() == IceState.COMPLETED,
            Duration.ofSeconds(10)),
        () -> a.agent.state() + " " + a.agent.fates() + " " + b.agent.fates());
    assertEquals(a.path().get().remote().address(), b.path().get().local().address());
    assertEquals(b.path().get().remote().address(), a.path().get().local().address());
  }

  private void talks() {
    int before = a.texts().size();
    a.send("hello");
    b.send("good day");
    world.run(Duration.ofSeconds(1));
    assertEquals("good day", a.texts().get(before));
    assertEquals("hello", b.texts().get(before));
  }

  private void goesOverTcp(boolean tcp) {
    for (SimAgent each : List.of(a, b)) {
      assertEquals(tcp ? Transport.TCP : Transport.UDP, each.path().get().flow().transport());
    }
  }

  private static long opens(SimAgent agent) {
    return agent.connecting.stream().filter(Output.Open.class::isInstance).count();
  }

  @ParameterizedTest
  @EnumSource(IceRole.class)
  void whereUdpIsBlockedAnActiveMeetsAPassive(IceRole role) {
    a = behind(1, KEEPS_PORTS.blocking(Protocol.UDP), role, true, TcpType.ACTIVE);
    b = onTheInternet(2, role.opposite(), true, TcpType.PASSIVE);
    connects();
    goesOverTcp(true);
    talks();
    assertEquals(1, opens(a));
    assertEquals(0, opens(b));
    assertEquals(TcpType.ACTIVE, b.path().get().remote().tcpType().get());
    assertEquals(CandidateType.PEER_REFLEXIVE, b.path().get().remote().type());
    world.run(Duration.ofMinutes(10));
    assertEquals(IceState.COMPLETED, a.agent.state());
    talks();
  }

  @Test
  void eachCheckGoesOnceOverTcp() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    connects();
    // Each a check, and the nomination of the one that controls.
    assertEquals(2, a.requests());
    assertEquals(1, b.requests());
    assertTrue(a.steps(IceStep.CheckSent.class).stream().allMatch(step -> step.sending() == 1));
  }

  @Test
  void udpIsPreferredAndOneConnectionStandsBy() {
    a = onTheInternet(1, IceRole.CONTROLLING, true, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, true, TcpType.PASSIVE);
    connects();
    world.run(Duration.ofSeconds(2));
    goesOverTcp(false);
    assertEquals(1, opens(a));
    assertEquals(0, a.steps(IceStep.Disconnected.class).size());
    a.udpIsDead = true;
    b.udpIsDead = true;
    keepTalking();
    world.run(Duration.ofSeconds(3));
    goesOverTcp(true);
    assertEquals(0, a.told(IceEvent.PathLost.class).size());
    talks();
  }

  private void keepTalking() {
    for (int i = 0; i < 50; i++) {
      world.schedule(
          Duration.ofMillis(50L * i),
          () -> {
            a.send("and on");
            b.send("and on");
          });
    }
  }

  @Test
  void noMoreThanOneConnectionStandsBy() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b =
        onTheInternet(
            2,
            IceRole.CONTROLLED,
            false,
            TcpType.PASSIVE,
            TcpType.PASSIVE,
            TcpType.PASSIVE,
            TcpType.PASSIVE,
            TcpType.PASSIVE);
    connects();
    world.run(Duration.ofSeconds(20));
    assertEquals(2, opens(a) - a.steps(IceStep.Disconnected.class).size());
    assertTrue(opens(a) <= 5, opens(a) + " connections");
    talks();
  }

  @Test
  void aPathOverTcpSurvivesARestart() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    connects();
    keepTalking();
    world.schedule(Duration.ofMillis(500), a::restart);
    world.run(Duration.ofSeconds(10));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(50, a.texts().size());
    assertEquals(50, b.texts().size());
    assertEquals(1, opens(a) - a.steps(IceStep.Disconnected.class).size());
  }

  @Test
  void aCheckThatComesBeforeTheDescriptionCounts() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    b.meets(a, Duration.ofMillis(40));
    a.meets(b, Duration.ofSeconds(3));
    world.run(Duration.ofSeconds(4));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
    assertEquals(1, opens(a));
  }

  @Test
  void whoTalksNonsenseIsLeft() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    InetAddress other = ip("198.51.100.9");
    TransportAddress web = new TransportAddress(other, 80);
    Babbler babbler = new Babbler();
    world
        .internet()
        .host("other", Link.of(TICK), other)
        .run(babbler, event -> {})
        .listen(Transport.TCP, web);
    a.seat.execute(
        now -> {
          a.agent.remote(
              IceParameters.of(new IceCredentials("abcd", "0123456789012345678901")), now);
          a.agent.addRemote(passive(web), now);
        });
    world.run(Duration.ofSeconds(10));
    assertTrue(babbler.heard > 0);
    assertEquals(PairState.FAILED, a.agent.fates().get(0).state());
    assertEquals(0, a.texts().size());
    assertEquals(1, a.closes());
  }

  @Test
  void strangersAreFewAndDoNotStay() {
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    world.run(Duration.ofMillis(10));
    TransportAddress local = b.listening();
    List<Flow> strangers = new ArrayList<>();
    for (int i = 1; i <= 1000; i++) {
      strangers.add(new Flow(-i, Transport.TCP, local, new TransportAddress(ip("203.0.113.7"), i)));
    }
    b.seat.execute(now -> strangers.forEach(each -> b.agent.accept(new Input.Opened(each), now)));
    assertEquals(984, b.closes());
    b.seat.execute(now -> b.agent.receive(strangers.get(3), Bytes.utf8("GET / HTTP/1.1"), now));
    assertEquals(985, b.closes());
    world.run(Duration.ofSeconds(11));
    assertEquals(1000, b.closes());
    assertEquals(0, b.sent.size());
  }

  @Test
  void bothListenAndOneOfTheConnectionsIsKept() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE, TcpType.PASSIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.ACTIVE, TcpType.PASSIVE);
    connects();
    world.run(Duration.ofSeconds(5));
    talks();
    goesOverTcp(true);
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(IceState.COMPLETED, b.agent.state());
  }

  @Test
  void twoNatsArePassedByOpeningAtOnce() {
    NatBehaviour noUdp = KEEPS_PORTS.blocking(Protocol.UDP);
    a = behind(1, noUdp, IceRole.CONTROLLING, true, TcpType.SIMULTANEOUS_OPEN);
    b = behind(2, noUdp, IceRole.CONTROLLED, true, TcpType.SIMULTANEOUS_OPEN);
    connects();
    goesOverTcp(true);
    talks();
    world.run(Duration.ofMinutes(5));
    talks();
  }

  @Test
  void openingAtOnceNeedsNoNat() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.SIMULTANEOUS_OPEN);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.SIMULTANEOUS_OPEN);
    connects();
    talks();
  }

  @Test
  void aPassiveCandidateIsNeverCheckedByItself() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.PASSIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    SimAgent.meet(a, b, Duration.ofMillis(40));
    world.run(Duration.ofSeconds(20));
    for (SimAgent each : List.of(a, b)) {
      assertEquals(IceState.FAILED, each.agent.state());
      assertEquals(IceFailure.NOTHING_IN_COMMON, each.told(IceEvent.Failed.class).get(0).reason());
      assertEquals(0, each.sent.size() + opens(each));
    }
  }

  private static Candidate passive(TransportAddress address) {
    return new Candidate(
        "x",
        ComponentId.ONLY,
        Transport.TCP,
        5,
        new CandidateAddress.Ip(address),
        CandidateType.HOST,
        Optional.empty(),
        Optional.of(TcpType.PASSIVE));
  }

  @Test
  void aPortThatNobodyListensOnIsToldAtOnce() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    InetAddress other = ip("198.51.100.9");
    world.internet().host("other", Link.of(TICK), other);
    a.seat.execute(
        now -> {
          a.agent.remote(
              IceParameters.of(new IceCredentials("abcd", "0123456789012345678901")), now);
          a.agent.addRemote(passive(new TransportAddress(other, 7)), now);
        });
    world.run(Duration.ofSeconds(1));
    PairFate fate = a.agent.fates().get(0);
    assertEquals(PairState.FAILED, fate.state());
    assertEquals("nobody listens on that port", fate.fault());
    assertEquals(1, opens(a));
  }

  @Test
  void aConnectionThatBreaksIsOpenedAgain() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    connects();
    long id = a.path().get().flow().id();
    a.seat.execute(
        now -> a.agent.accept(new Input.Closed(id, CloseCause.RESET, "it was cut"), now));
    world.run(Duration.ofSeconds(2));
    assertEquals(IceState.COMPLETED, a.agent.state());
    assertEquals(1, a.told(IceEvent.PathLost.class).size());
    talks();
  }

  @Test
  void closingEndsAllConnections() {
    a = onTheInternet(1, IceRole.CONTROLLING, false, TcpType.ACTIVE);
    b = onTheInternet(2, IceRole.CONTROLLED, false, TcpType.PASSIVE);
    connects();
    a.seat.execute(now -> a.agent.close());
    world.run(Duration.ofSeconds(1));
    assertEquals(1, a.closes());
    // The other side sees it at once and not after 30 s; nobody accepts another connection.
    assertTrue(b.path().isEmpty());
  }
}
