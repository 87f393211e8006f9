package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.Verdict.Grade;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  @Test
  void endpointIndependentMappingIsGoodWhateverTheFiltering() {
    for (Behaviour filtering : Behaviour.values()) {
      Verdict verdict =
          Verdict.of(report(behindNat(Behaviour.ENDPOINT_INDEPENDENT, filtering).build()));
      assertEquals(Grade.GOOD, verdict.grade());
      boolean hardOnesByRelay = verdict.summary().contains("hard NAT mostly through a relay");
      assertEquals(filtering == Behaviour.ADDRESS_AND_PORT_DEPENDENT, hardOnesByRelay);
    }
  }

  @Test
  void mappingThatDependsOnTheDestinationIsHard() {
    for (Behaviour mapping :
        List.of(Behaviour.ADDRESS_DEPENDENT, Behaviour.ADDRESS_AND_PORT_DEPENDENT)) {
      Verdict verdict =
          Verdict.of(report(behindNat(mapping, Behaviour.ADDRESS_AND_PORT_DEPENDENT).build()));
      assertEquals(Grade.HARD, verdict.grade());
      assertTrue(verdict.actions().get(0).contains("port mapping"), verdict.toString());
    }
  }

  @Test
  void predictablePortsAreMentioned() {
    PathReport path =
        behindNat(Behaviour.ADDRESS_AND_PORT_DEPENDENT, Behaviour.ADDRESS_AND_PORT_DEPENDENT)
            .ports(Finding.known(new PortAllocation(Pattern.SEQUENTIAL, 2)))
            .build();
    assertTrue(Verdict.of(report(path)).summary().contains("guessing"));
  }

  @Test
  void behindTwoNatsTheNearestOneIsNotToBlame() {
    PathReport path =
        behindNat(Behaviour.ADDRESS_DEPENDENT, Behaviour.ADDRESS_DEPENDENT)
            .layers(Finding.known(2))
            .build();
    Verdict verdict = Verdict.of(report(path));
    assertFalse(verdict.actions().toString().contains("port mapping"), verdict.toString());
    assertTrue(verdict.actions().get(0).contains("IPv6"), verdict.toString());
  }

  @Test
  void anExternalAddressThatChangesLeavesTheRelayOnly() {
    PathReport path =
        behindNat(Behaviour.ADDRESS_AND_PORT_DEPENDENT, Behaviour.ADDRESS_AND_PORT_DEPENDENT)
            .pairedAddress(Finding.known(false))
            .build();
    assertEquals(Grade.RELAY_ONLY, Verdict.of(report(path)).grade());
  }

  @Test
  void unknownMappingIsInconclusiveAndSaysWhy() {
    PathReport path =
        behindNat(Behaviour.ADDRESS_DEPENDENT, Behaviour.ADDRESS_DEPENDENT)
            .mapping(Finding.unknown("one server at one address cannot tell"))
            .build();
    Verdict verdict = Verdict.of(report(path));
    assertEquals(Grade.INCONCLUSIVE, verdict.grade());
    assertTrue(verdict.summary().contains("one server at one address cannot tell"));
  }

  @Test
  void openHostsAndFirewallsWithoutNatAreGood() {
    PathReport open = base().nat(Finding.known(false)).firewall(Finding.known(false)).build();
    PathReport walled =
        base()
            .nat(Finding.known(false))
            .firewall(Finding.known(true))
            .filtering(Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT))
            .build();
    assertEquals(Grade.GOOD, Verdict.of(report(open)).grade());
    assertEquals(Grade.GOOD, Verdict.of(report(walled)).grade());
    assertTrue(Verdict.of(report(open)).summary().contains("no firewall"));
    assertTrue(Verdict.of(report(walled)).summary().contains("only a firewall"));
  }

  @Test
  void blockedUdpSaysWhatStillWorks() {
    PathReport path =
        base()
            .udp(Finding.known(UdpReach.BLOCKED))
            .tcp(Finding.known(true))
            .tls(Finding.known(true))
            .build();
    Verdict verdict = Verdict.of(report(path));
    assertEquals(Grade.BLOCKED, verdict.grade());
    assertTrue(verdict.summary().contains("over TCP"), verdict.summary());
    assertEquals(3, verdict.actions().size());
  }

  @Test
  void silenceIsInconclusive() {
    PathReport path = base().udp(Finding.unknown("no server answered")).build();
    assertEquals(Grade.INCONCLUSIVE, Verdict.of(report(path)).grade());
  }

  @Test
  void noAddressMeansNoNetwork() {
    PathReport path =
        PathReport.builder(IpFamily.IPV4)
            .local(Finding.unknown("no route"))
            .udp(Finding.unknown("no route"))
            .build();
    NatReport report = report(path);
    assertFalse(report.hasNetwork());
    assertEquals(Grade.INCONCLUSIVE, Verdict.of(report).grade());
    assertTrue(Verdict.of(report).summary().contains("no usable network"));
  }

  @Test
  void directOverIpv6AloneIsHard() {
    PathReport four = base().udp(Finding.known(UdpReach.BLOCKED)).tcp(Finding.known(true)).build();
    PathReport six = ipv6(Finding.known(UdpReach.OPEN)).nat(Finding.known(false)).build();
    assertEquals(Grade.HARD, Verdict.of(report(four, six)).grade());
    assertEquals(Grade.GOOD, Verdict.of(report(six)).grade());
  }

  @Test
  void ipv6ThatTellsNothingDoesNotSpoilIpv4() {
    PathReport four =
        behindNat(Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ADDRESS_DEPENDENT).build();
    PathReport six = ipv6(Finding.unknown("no server answered")).build();
    Verdict verdict = Verdict.of(report(four, six));
    assertEquals(Grade.GOOD, verdict.grade());
    assertTrue(verdict.actions().isEmpty(), verdict.toString());
  }

  @Test
  void ofSeveralInterfacesTheBestCounts() {
    PathReport hard =
        behindNat(Behaviour.ADDRESS_DEPENDENT, Behaviour.ADDRESS_DEPENDENT).label("a").build();
    PathReport good = base().label("b").nat(Finding.known(false)).build();
    assertEquals(Grade.GOOD, Verdict.of(report(hard, good)).grade());
  }

  @Test
  void shortLivedMappingsAskForKeepalives() {
    PathReport path =
        behindNat(Behaviour.ENDPOINT_INDEPENDENT, Behaviour.ENDPOINT_INDEPENDENT)
            .lifetime(Finding.known(Duration.ofSeconds(20)))
            .build();
    assertEquals(
        List.of("Send a keepalive at least every 15 s."), Verdict.of(report(path)).actions());
  }

  @Test
  void fourActionsAreTooMany() {
    List<String> four = List.of("a", "b", "c", "d");
    assertThrows(IllegalArgumentException.class, () -> new Verdict(Grade.GOOD, "summary", four));
  }

  private static PathReport.Builder base() {
    return PathReport.builder(IpFamily.IPV4)
        .local(Finding.known(address("192.168.1.2", 5000)))
        .reflexive(Finding.known(address("198.51.100.1", 40000)))
        .udp(Finding.known(UdpReach.OPEN));
  }

  private static PathReport.Builder ipv6(Finding<UdpReach> udp) {
    return PathReport.builder(IpFamily.IPV6)
        .local(Finding.known(address("2001:db8::1", 5000)))
        .udp(udp);
  }

  private static PathReport.Builder behindNat(Behaviour mapping, Behaviour filtering) {
    return base()
        .nat(Finding.known(true))
        .mapping(Finding.known(mapping))
        .filtering(Finding.known(filtering));
  }

  private static NatReport report(PathReport... paths) {
    Finding<UdpReach> udp = paths[0].udp();
    return new NatReport(udp, List.of(paths), List.of(), Duration.ofMillis(500));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
