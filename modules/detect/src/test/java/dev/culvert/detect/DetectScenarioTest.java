package dev.culvert.detect;

import static dev.culvert.natsim.Dependence.ADDRESS;
import static dev.culvert.natsim.Dependence.ADDRESS_AND_PORT;
import static dev.culvert.natsim.Dependence.ENDPOINT_INDEPENDENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.ServerReport.Rfc5780;
import dev.culvert.detect.Verdict.Grade;
import dev.culvert.detect.VirtualServer.Kind;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import dev.culvert.natsim.Protocol;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks as they are met in the wild, one by one. */
class DetectScenarioTest {
  private static final String A1 = "203.0.113.1";
  private static final String A2 = "203.0.113.2";
  private static final String B1 = "203.0.113.11";
  private static final String B2 = "203.0.113.12";
  private static final String C1 = "203.0.113.21";
  private static final String C2 = "203.0.113.22";
  private static final List<Dependence> DEPENDENCES = List.of(Dependence.values());
  private static final List<Behaviour> BEHAVIOURS = List.of(Behaviour.values());
  private static final NatBehaviour USUAL = NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT);
  private static final NatBehaviour SYMMETRIC = NatBehaviour.of(ADDRESS_AND_PORT, ADDRESS_AND_PORT);

  @Test
  void openHostsHaveNeitherNatNorFirewall() {
    NatReport report = new VirtualRun(1).server(Kind.HONEST, A1, A2).run();
    PathReport path = ipv4(report);
    assertTrue(path.nat().is(false));
    assertTrue(path.firewall().is(false));
    assertTrue(path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT));
    assertTrue(path.filtering().is(Behaviour.ENDPOINT_INDEPENDENT));
    assertTrue(path.layers().is(0));
    assertEquals(Finding.notMeasured(), path.hairpinning());
    assertEquals(path.local().value(), path.reflexive().value());
    assertEquals(Grade.GOOD, Verdict.of(report).grade());
  }

  @Test
  void firewallsWithoutNatAreToldFromNats() {
    for (Dependence filtering : List.of(ADDRESS, ADDRESS_AND_PORT)) {
      VirtualRun run =
          new VirtualRun(1).server(Kind.HONEST, A1, A2).firewall(FirewallBehaviour.of(filtering));
      NatReport report = run.run();
      PathReport path = ipv4(report);
      assertTrue(path.nat().is(false), path.toString());
      assertTrue(path.firewall().is(true), path.toString());
      Behaviour expected =
          filtering == ADDRESS ? Behaviour.ADDRESS_DEPENDENT : Behaviour.ADDRESS_AND_PORT_DEPENDENT;
      assertTrue(path.filtering().is(expected), path.toString());
      assertTrue(Verdict.of(report).summary().contains("only a firewall"));
    }
  }

  @Test
  void ipv6IsLookedAtLikeIpv4() {
    VirtualRun run =
        new VirtualRun(1)
            .server(Kind.HONEST, "2001:db8::1", "2001:db8::2")
            .firewall(FirewallBehaviour.of(ADDRESS_AND_PORT))
            .client("2001:db8:1::2", Link.of(Duration.ofMillis(1)));
    NatReport report = run.run();
    assertTrue(report.path(IpFamily.IPV4).isEmpty());
    PathReport path = report.path(IpFamily.IPV6).orElseThrow();
    assertTrue(path.nat().is(false), path.toString());
    assertTrue(path.filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT), path.toString());
  }

  @Test
  void twoNatsInARowAddUp() {
    NatBehaviour carrier = NatBehaviour.of(ADDRESS, ENDPOINT_INDEPENDENT);
    VirtualRun run =
        new VirtualRun(1)
            .server(Kind.HONEST, A1, A2)
            .nat(carrier)
            .nat(USUAL.ports(PortRule.preserving()), "100.64.0.2");
    PathReport path = ipv4(run.run());
    assertTrue(path.mapping().is(Behaviour.ADDRESS_DEPENDENT), path.toString());
    assertTrue(path.filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT), path.toString());
    assertTrue(path.layers().value().isEmpty(), path.toString());
  }

  @Test
  void addressesOfCarriersAreRecognised() {
    VirtualRun run =
        new VirtualRun(1)
            .server(Kind.HONEST, A1, A2)
            .nat(USUAL)
            .client("100.64.0.9", Link.of(Duration.ofMillis(1)));
    assertTrue(ipv4(run.run()).carrierGrade().is(true));
  }

  @Test
  void theRoutersStatementCountsTheNats() {
    for (String outside : List.of("100.64.0.2", VirtualRun.EXTERNAL)) {
      GatewayStatement statement = new GatewayStatement(VirtualRun.ip(outside), "UPnP");
      VirtualRun run =
          new VirtualRun(1)
              .server(Kind.HONEST, A1, A2)
              .nat(USUAL)
              .settings(config -> config.asking(List.of(), List.of(statement)));
      boolean carrier = !outside.equals(VirtualRun.EXTERNAL);
      PathReport path = ipv4(run.run());
      assertTrue(path.layers().is(carrier ? 2 : 1), path.toString());
      assertEquals(carrier, path.carrierGrade().is(true));
    }
  }

  @Test
  void routersAreAskedOverNatPmp() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL);
    VirtualRouter.on(
        run.edge().host("router", Link.of(Duration.ZERO), VirtualRun.ip("192.168.1.1")),
        VirtualRun.ip("100.64.0.2"));
    run.settings(config -> config.asking(List.of(VirtualRun.ip("192.168.1.1")), List.of()));
    PathReport path = ipv4(run.run());
    assertTrue(path.gatewayAddress().is(VirtualRun.ip("100.64.0.2")), path.toString());
    assertTrue(path.layers().is(2), path.toString());
  }

  @Test
  void routersThatDoNotAnswerHoldNothingUp() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL);
    run.edge().host("router", Link.of(Duration.ZERO), VirtualRun.ip("192.168.1.1")).quiet(true);
    NatReport report =
        run.settings(config -> config.asking(List.of(VirtualRun.ip("192.168.1.1")), List.of()))
            .run();
    assertTrue(ipv4(report).layers().reason().isPresent());
    assertTrue(report.elapsed().toMillis() < 800, report.elapsed().toString());
  }

  @Test
  void blockedUdpIsToldFromDeadServers() {
    NatBehaviour blocking = USUAL.blocking(Protocol.UDP);
    NatReport blocked = new VirtualRun(1).server(Kind.SINGLE, true, A1, A2).nat(blocking).run();
    assertTrue(blocked.udp().is(UdpReach.BLOCKED), blocked.toString());
    assertTrue(ipv4(blocked).tcp().is(true));
    assertTrue(ipv4(blocked).tls().is(true));
    assertEquals(Grade.BLOCKED, Verdict.of(blocked).grade());
    assertTrue(blocked.elapsed().toMillis() <= 3000, blocked.elapsed().toString());

    NatReport walled =
        new VirtualRun(1)
            .server(Kind.SINGLE, true, A1, A2)
            .firewall(FirewallBehaviour.of(ADDRESS).blocking(Protocol.UDP).saying())
            .run();
    assertTrue(walled.udp().is(UdpReach.BLOCKED), walled.toString());
  }

  @Test
  void closedPortsSayThatTheServerIsDead() {
    VirtualRun run = new VirtualRun(1).named(A1).nat(USUAL);
    run.world.internet().host("host", Link.of(Duration.ofMillis(7)), VirtualRun.ip(A1));
    NatReport report = run.run();
    assertTrue(report.udp().reason().orElseThrow().contains("nobody listens"), report.toString());
    assertEquals(Grade.INCONCLUSIVE, Verdict.of(report).grade());
    assertTrue(report.elapsed().toMillis() < 1500, report.elapsed().toString());
  }

  @Test
  void closedUdpPortsOfAServerThatAnswersOverTcpAreNoBlockade() {
    VirtualRun run = new VirtualRun(1).named(A1).nat(USUAL);
    VirtualServer.on(
        run.world.internet().host("host", Link.of(Duration.ofMillis(7)), VirtualRun.ip(A1)),
        Kind.STREAMS_ONLY,
        true,
        VirtualRun.ip(A1),
        VirtualRun.ip(A2));
    assertTrue(run.run().udp().value().isEmpty());
  }

  @Test
  void silenceEverywhereIsInconclusive() {
    NatReport report = new VirtualRun(1).named(A1).named(B1).nat(USUAL).run();
    assertTrue(report.udp().reason().orElseThrow().contains("offline"), report.toString());
    assertTrue(report.elapsed().toMillis() <= 3000, report.elapsed().toString());
    assertTrue(report.hasNetwork());
  }

  @Test
  void withoutAnAddressThereIsNoNetwork() {
    VirtualRun run =
        new VirtualRun(1)
            .server(Kind.HONEST, A1, A2)
            .client("2001:db8:1::2", Link.of(Duration.ZERO));
    NatReport report = run.run();
    assertFalse(report.hasNetwork());
    assertTrue(report.elapsed().toMillis() < 100, report.elapsed().toString());
    assertTrue(Verdict.of(report).summary().contains("no usable network"));
  }

  @Test
  void aDeadServerAmongGoodOnesCostsLittle() {
    for (boolean first : new boolean[] {true, false}) {
      VirtualRun run = new VirtualRun(1);
      run = first ? run.named(C1).server(Kind.HONEST, A1, A2) : run.server(Kind.HONEST, A1, A2);
      run = first ? run : run.named(C1);
      NatReport report = run.nat(USUAL).run();
      assertTrue(ipv4(report).filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT));
      assertTrue(report.elapsed().toMillis() < 800, report.elapsed().toString());
      assertEquals(
          1, report.servers().stream().filter(s -> s.roundTrip().reason().isPresent()).count());
    }
  }

  @Test
  void twoPlainServersSufficeForMapping() {
    VirtualRun easy =
        new VirtualRun(1).server(Kind.SINGLE, A1, A2).server(Kind.SINGLE, B1, B2).nat(USUAL);
    PathReport path = ipv4(easy.run());
    assertTrue(path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT), path.toString());
    assertTrue(path.filtering().reason().orElseThrow().contains("only one address"));
    PathReport hard =
        ipv4(
            new VirtualRun(1)
                .server(Kind.SINGLE, A1, A2)
                .server(Kind.SINGLE, B1, B2)
                .nat(SYMMETRIC)
                .run());
    assertTrue(hard.mapping().reason().orElseThrow().contains("depends"), hard.toString());
    NatReport three =
        new VirtualRun(1)
            .server(Kind.SINGLE, A1, A2)
            .server(Kind.SINGLE_IGNORES_CHANGE, B1, B2)
            .server(Kind.SINGLE, C1, C2)
            .nat(SYMMETRIC)
            .run();
    assertTrue(ipv4(three).consistent().is(false), three.toString());
    assertEquals(Grade.HARD, Verdict.of(three).grade());
  }

  @Test
  void onePlainServerLeavesMappingOpenAndSaysWhy() {
    NatReport report = new VirtualRun(1).server(Kind.SINGLE, A1, A2).nat(USUAL).run();
    assertTrue(ipv4(report).mapping().reason().orElseThrow().contains("second one"));
    assertTrue(report.servers().get(0).rfc5780().is(Rfc5780.NO));
    assertEquals(Grade.INCONCLUSIVE, Verdict.of(report).grade());
    assertTrue(report.elapsed().toMillis() < 800, report.elapsed().toString());
  }

  @Test
  void serversAreCalledWhatTheyAre() {
    for (Kind kind : Kind.values()) {
      NatReport report = new VirtualRun(1).server(kind, A1, A2).nat(USUAL).run();
      if (kind == Kind.STREAMS_ONLY) {
        continue;
      }
      Finding<Rfc5780> found = report.servers().get(0).rfc5780();
      Rfc5780[] expected =
          switch (kind) {
            case HONEST, OLD, WITHOUT_RESPONSE_PORT -> new Rfc5780[] {Rfc5780.YES};
            case SINGLE, SHIFTED_MAPPED -> new Rfc5780[] {Rfc5780.NO};
            case DEAD_ALTERNATE, DROPS_CHANGE -> new Rfc5780[] {};
            case FOREIGN_ALTERNATE -> new Rfc5780[] {};
            default -> new Rfc5780[] {Rfc5780.DISHONEST};
          };
      assertEquals(List.of(expected), found.value().stream().toList(), kind + ": " + report);
    }
  }

  @Test
  void arbitraryPoolingIsNoticed() {
    NatReport report =
        new VirtualRun(3)
            .server(Kind.HONEST, A1, A2)
            .nat(
                SYMMETRIC.poolingAtRandom(),
                "198.51.100.1",
                "198.51.100.3",
                "198.51.100.4",
                "198.51.100.5")
            .run();
    assertTrue(ipv4(report).pairedAddress().is(false), report.toString());
    assertEquals(Grade.RELAY_ONLY, Verdict.of(report).grade());
  }

  @Test
  void gatewaysThatRewritePayloadsFoolNobody() {
    PathReport path =
        ipv4(new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL.rewritingPayload()).run());
    assertTrue(path.payloadRewriting().is(true), path.toString());
    assertTrue(path.nat().is(true), path.toString());
    assertTrue(path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT), path.toString());
    PathReport old =
        ipv4(new VirtualRun(1).server(Kind.OLD, A1, A2).nat(SYMMETRIC.rewritingPayload()).run());
    assertTrue(old.nat().value().isEmpty(), old.toString());
    assertTrue(old.mapping().value().isEmpty(), old.toString());
  }

  @Test
  void lostFragmentsAreNoticed() {
    PathReport path =
        ipv4(new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL.droppingFragments()).run());
    assertTrue(path.fragmentedRequests().is(false), path.toString());
    assertTrue(path.largeRequests().is(true), path.toString());
  }

  @Test
  void overloadedPortsLookLikeOneMapping() {
    NatBehaviour masquerade =
        SYMMETRIC.ports(PortRule.preserving().overloading()).filteringPerMapping();
    PathReport path = ipv4(new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(masquerade).run());
    assertTrue(path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT), path.toString());
    assertTrue(path.filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT), path.toString());
    assertTrue(path.ports().is(new PortAllocation(Pattern.PRESERVING, 0)), path.toString());
  }

  @Test
  void blocksAndParityAreNotTakenForSequences() {
    List<PortRule> odd =
        List.of(
            PortRule.random().inBlocks(64),
            PortRule.random().inBlocks(512),
            PortRule.random().keepingParity(),
            PortRule.random().within(40_000, 40_099),
            PortRule.random().within(40_000, 41_999));
    for (PortRule rule : odd) {
      for (long seed = 0; seed < 40; seed++) {
        double loss = seed % 2 == 0 ? 0 : 0.2;
        VirtualRun run =
            new VirtualRun(seed).server(Kind.HONEST, A1, A2).nat(USUAL.ports(rule)).losing(loss);
        Finding<PortAllocation> ports = ipv4(run.run()).ports();
        assertTrue(
            ports.value().filter(found -> found.pattern() != Pattern.RANDOM).isEmpty(),
            rule + " seed " + seed + ": " + ports);
      }
    }
  }

  @Test
  void sequencesAreFoundAcrossWrapsReorderingAndLoss() {
    int known = 0;
    for (long seed = 0; seed < 60; seed++) {
      int step = List.of(1, 2, -1, 5, 100).get((int) (seed % 5));
      PortRule rule = PortRule.sequential(step).within(40_000, 41_999);
      Link link =
          Link.of(Duration.ofMillis(1))
              .losing(seed % 3 == 0 ? 0.2 : 0)
              .jittering(seed % 4 == 0 ? Duration.ofMillis(2) : Duration.ZERO);
      VirtualRun run = new VirtualRun(seed).server(Kind.HONEST, A1, A2).nat(USUAL.ports(rule));
      Finding<PortAllocation> ports = ipv4(run.client("192.168.1.2", link).run()).ports();
      boolean right = ports.is(new PortAllocation(Pattern.SEQUENTIAL, step));
      assertTrue(right || ports.value().isEmpty(), "seed " + seed + ": " + ports);
      known += right ? 1 : 0;
    }
    assertTrue(known >= 40, "known " + known);
  }

  @Test
  void roundTripsOf100MillisecondsStayInTheBudget() {
    for (NatBehaviour nat : List.of(USUAL, SYMMETRIC.filteringPerMapping())) {
      VirtualRun run =
          new VirtualRun(1, Duration.ofMillis(100)).server(Kind.HONEST, A1, A2).nat(nat);
      NatReport report = run.run();
      assertTrue(ipv4(report).filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT));
      assertTrue(report.elapsed().toMillis() <= 950, report.elapsed().toString());
    }
  }

  @Test
  void whatAPauseMadeLookSilentIsAskedAgain() {
    for (int from : List.of(25, 45, 65, 120)) {
      for (Dependence filtering : DEPENDENCES) {
        VirtualRun run = new VirtualRun(from).nat(NatBehaviour.of(ENDPOINT_INDEPENDENT, filtering));
        Host host = run.serving(Kind.HONEST, A1, A2);
        run.world.schedule(Duration.ofMillis(10 + from), () -> host.down(true));
        run.world.schedule(Duration.ofMillis(900), () -> host.down(false));
        NatReport report = run.run();
        Behaviour truth = BEHAVIOURS.get(DEPENDENCES.indexOf(filtering));
        assertTrue(ipv4(report).filtering().is(truth), from + " ms: " + report);
        assertTrue(report.elapsed().toMillis() < 3000, report.elapsed().toString());
      }
    }
  }

  @Test
  void deadNamesAreReported() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).named("stun.example").nat(USUAL);
    NatReport report = run.run();
    assertTrue(ipv4(report).mapping().is(Behaviour.ENDPOINT_INDEPENDENT));
    ServerReport dead = report.servers().get(0);
    assertTrue(dead.address().isEmpty(), dead.toString());
    assertTrue(dead.note().isPresent(), dead.toString());

    VirtualRun nameless = new VirtualRun(1).named("stun.example").nat(USUAL);
    nameless.world.names().dead(true);
    NatReport nothing = nameless.run();
    assertTrue(nothing.udp().reason().isPresent(), nothing.toString());
    assertTrue(nothing.elapsed().toMillis() <= 3000, nothing.elapsed().toString());
  }

  @Test
  void namesAreLookedUp() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL);
    run.world.names().host("stun.example", List.of(VirtualRun.ip(A1)));
    NatReport report =
        run.settings(config -> DetectConfig.of(List.of(DetectServer.of("stun.example", 3478))))
            .run();
    assertTrue(ipv4(report).filtering().is(Behaviour.ADDRESS_AND_PORT_DEPENDENT));
  }

  @Test
  void everyInterfaceIsAPathOfItsOwn() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL);
    List<LocalInterface> interfaces =
        List.of(
            new LocalInterface("lan0", VirtualRun.ip("192.168.1.2")),
            new LocalInterface("gone0", VirtualRun.ip("192.168.9.9")));
    NatReport report = run.settings(config -> config.from(interfaces)).run();
    assertEquals(List.of("lan0", "gone0"), report.paths().stream().map(PathReport::label).toList());
    assertTrue(report.paths().get(0).mapping().is(Behaviour.ENDPOINT_INDEPENDENT));
    assertTrue(report.paths().get(1).local().reason().isPresent());
    assertEquals("lan0", report.path(IpFamily.IPV4).orElseThrow().label());
  }

  @Test
  void onlyTheFamiliesThatWereAskedForAreLookedAt() {
    VirtualRun run = new VirtualRun(1).server(Kind.HONEST, A1, A2).nat(USUAL);
    NatReport report = run.settings(config -> config.over(EnumSet.of(IpFamily.IPV6))).run();
    assertEquals(1, report.paths().size());
    assertTrue(report.udp().reason().orElseThrow().contains("IPv6"), report.toString());
    assertTrue(report.hasNetwork());
  }

  @Test
  void jitterAndDuplicatesDoNotMislead() {
    for (long seed = 0; seed < 60; seed++) {
      Link link = Link.of(Duration.ofMillis(1)).jittering(Duration.ofMillis(30)).duplicating(0.2);
      int mapping = (int) (seed % 3);
      int filtering = (int) (seed / 3 % 3);
      NatBehaviour nat = NatBehaviour.of(DEPENDENCES.get(mapping), DEPENDENCES.get(filtering));
      PathReport path =
          ipv4(
              new VirtualRun(seed)
                  .server(Kind.HONEST, A1, A2)
                  .nat(nat)
                  .client("192.168.1.2", link)
                  .run());
      assertTrue(path.mapping().is(BEHAVIOURS.get(mapping)), "seed " + seed + ": " + path);
      assertTrue(path.filtering().is(BEHAVIOURS.get(filtering)), "seed " + seed + ": " + path);
    }
  }

  private static PathReport ipv4(NatReport report) {
    return report.path(IpFamily.IPV4).orElseThrow();
  }
}
