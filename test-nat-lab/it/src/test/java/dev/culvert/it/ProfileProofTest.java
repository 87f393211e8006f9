package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each profile behaves as its name says, in the judgement of coturn's and vovida's clients. */
class ProfileProofTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String EI = "Endpoint Independent";
  private static final String AD = "Address Dependent";
  private static final String APD = "Address and Port Dependent";

  /** Profile, coturn's mapping and filtering, vovida's words, coturn's filtering of IPv6. */
  private static final List<Arguments> EXPECTED =
      List.of(
          Arguments.of(
              "full", EI, EI, "Independent Mapping, Independent Filter, preserves ports", APD),
          Arguments.of(
              "arc", EI, AD, "Independent Mapping, Address Dependent Filter, preserves ports", APD),
          Arguments.of(
              "prc", EI, APD, "Independent Mapping, Port Dependent Filter, preserves ports", APD),
          Arguments.of("adm", AD, APD, "Dependent Mapping, random port", APD),
          Arguments.of("sym", APD, APD, "Dependent Mapping, random port", APD),
          Arguments.of("symseq", APD, APD, "Dependent Mapping, random port", APD),
          Arguments.of(
              "linux", EI, APD, "Independent Mapping, Port Dependent Filter, preserves ports", APD),
          Arguments.of(
              "hairpin", EI, EI, "Independent Mapping, Independent Filter, preserves ports", APD),
          Arguments.of(
              "timeout5",
              EI,
              APD,
              "Independent Mapping, Port Dependent Filter, preserves ports",
              APD),
          Arguments.of("firewall", EI, APD, "Firewall", APD),
          Arguments.of("open", EI, EI, "Open", EI),
          Arguments.of(
              "cgn-home", EI, APD, "Independent Mapping, Port Dependent Filter, random port", APD),
          Arguments.of(
              "cgn-pair", EI, APD, "Independent Mapping, Port Dependent Filter, random port", APD),
          Arguments.of(
              "cgn-hairpin",
              EI,
              APD,
              "Independent Mapping, Port Dependent Filter, random port",
              APD));

  static Stream<Arguments> expected() {
    return EXPECTED.stream();
  }

  @Test
  void everyProfileIsProven() {
    Set<Object> proven =
        Stream.concat(EXPECTED.stream().map(row -> row.get()[0]), Stream.of("blocked"))
            .collect(Collectors.toSet());
    assertEquals(Profile.all().stream().map(Profile::name).collect(Collectors.toSet()), proven);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("expected")
  void strangersAgree(
      String profile, String mapping, String filtering, String words, String filtering6)
      throws Exception {
    try (LabFixture lab = LabFixture.behind(profile)) {
      LabHost a = lab.host("a");
      List<NatDiscovery> found =
          Together.all(
              () -> NatDiscovery.run(a, lab.ipv4("s1"), "-m", "-f"),
              () -> NatDiscovery.run(a, lab.ipv6("s1"), "-m", "-f"));
      NatDiscovery ipv4 = found.get(0);
      NatDiscovery ipv6 = found.get(1);
      assertEquals(Optional.of(mapping), ipv4.mapping(), ipv4.output());
      assertEquals(Optional.of(filtering), ipv4.filtering(), ipv4.output());
      assertEquals(Optional.of(EI), ipv6.mapping(), ipv6.output());
      assertEquals(Optional.of(filtering6), ipv6.filtering(), ipv6.output());
      assertEquals(List.of(lab.ipv6("a")), ipv6.addresses(), "IPv6 is never translated");
      boolean translated = !profile.equals("firewall") && !profile.equals("open");
      assertEquals(translated, !ipv4.addresses().equals(List.of(lab.ipv4("a"))), ipv4.output());

      String hairpin = profile.endsWith("hairpin") ? ", will hairpin" : ", no hairpin";
      assertEquals(words + (translated ? hairpin : ""), VovidaStun.run(a, lab.ipv4("s1")));
    }
  }

  @Test
  void sequentialPortsFollowEachOther() throws Exception {
    try (LabFixture lab = LabFixture.behind("symseq")) {
      List<Integer> ports = NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m").ports();
      int first = ports.get(0);
      assertEquals(List.of(first, first + 1, first + 2), ports);
    }
  }

  @Test
  void linuxKeepsAPortForTwoHostsUntilTheyMeetAtOneServer() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "linux").home("b", "same:a").build();
    try (LabFixture lab = LabFixture.up(spec)) {
      assertEquals(List.of(5000, 5000), portsFrom5000(lab, "a", "s1"));
      assertEquals(5000, portsFrom5000(lab, "b", "s2").get(0), "s2 does not know a");
      assertFalse(portsFrom5000(lab, "b", "s1").contains(5000), "s1 knows a by that port");
    }
  }

  @Test
  void preservingNatsGiveTheSecondHostOneOtherPort() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "prc").home("b", "same:a").build();
    try (LabFixture lab = LabFixture.up(spec)) {
      assertEquals(List.of(5000, 5000), portsFrom5000(lab, "a", "s1"));
      List<Integer> second = portsFrom5000(lab, "b", "s1");
      assertEquals(1, Set.copyOf(second).size(), second + " is not endpoint-independent");
      assertFalse(second.contains(5000), second + " belongs to a");
    }
  }

  private static List<Integer> portsFrom5000(LabFixture lab, String host, String server)
      throws Exception {
    return NatDiscovery.run(
            lab.host(host), lab.ipv4(server), "-m", "-L", lab.ipv4(host), "-l", "5000")
        .ports();
  }

  @Test
  void hairpinningIsSeenOnlyWhereItIs() throws Exception {
    List<NatDiscovery> found =
        Together.all(
            List.of(() -> hairpin("hairpin"), () -> hairpin("full"), () -> hairpin("open")));
    assertTrue(found.get(0).hairpins(), found.get(0).output());
    assertFalse(found.get(1).hairpins(), found.get(1).output());
    assertTrue(found.get(2).hairpins(), found.get(2).output());
  }

  private static NatDiscovery hairpin(String profile) throws Exception {
    try (LabFixture lab = LabFixture.behind(profile)) {
      return NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-H");
    }
  }

  @Test
  void aMappingOfFiveSecondsLivesThreeAndNotNine() throws Exception {
    try (LabFixture lab = LabFixture.behind("timeout5")) {
      LabHost a = lab.host("a");
      List<NatDiscovery> found =
          Together.all(
              () -> NatDiscovery.run(a, lab.ipv4("s1"), "-t", "-T", "3"),
              () -> NatDiscovery.run(a, lab.ipv4("s1"), "-t", "-T", "9"));
      assertFalse(found.get(0).timedOut(), found.get(0).output());
      assertTrue(found.get(1).timedOut(), found.get(1).output());
    }
  }

  @Test
  void blockedMeansUdpAlone() throws Exception {
    try (LabFixture lab = LabFixture.behind("blocked")) {
      LabHost a = lab.host("a");
      assertEquals("Blocked or could not reach STUN server", VovidaStun.run(a, lab.ipv4("s1")));
      for (String server : List.of(lab.ipv4("s1"), lab.ipv6("s1"))) {
        NatDiscovery found = NatDiscovery.run(a, server, "-m");
        assertTrue(found.timedOut() && found.ports().isEmpty(), found.output());
        LabProcess tcp = a.run(LIMIT, "bash", "-c", "exec 3<>/dev/tcp/" + server + "/3478");
        assertEquals(0, tcp.exitCode(), tcp.output());
      }
    }
  }

  @Test
  void wantedOrNotNothingPassesWhereNothingMay() throws Exception {
    try (LabFixture lab = LabFixture.behind("prc+traffic=nothing")) {
      LabHost a = lab.host("a");
      for (String server : List.of(lab.ipv4("s1"), lab.ipv6("s1"))) {
        assertTrue(NatDiscovery.run(a, server, "-m").ports().isEmpty());
        LabProcess tcp =
            a.run(LIMIT, "timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + server + "/3478");
        assertNotEquals(0, tcp.exitCode());
      }
    }
  }

  @Test
  void peersBehindOneCarrierMeetOnlyIfItHairpins() throws Exception {
    List<Boolean> met = Together.all(() -> meets("cgn-pair"), () -> meets("cgn-hairpin"));
    assertEquals(List.of(false, true), met);
  }

  /** Both learn their outside endpoints from coturn, then punch from the same ports by socat. */
  private static boolean meets(String profile) throws Exception {
    LabSpec spec = LabSpec.builder().home("a", profile).home("b", profile).build();
    try (LabFixture lab = LabFixture.up(spec)) {
      String outsideA = outsideOf(lab, "a", 5000);
      String outsideB = outsideOf(lab, "b", 6000);
      List<String> heard =
          Together.all(
              () -> punch(lab.host("a"), 5000, outsideB),
              () -> punch(lab.host("b"), 6000, outsideA));
      assertEquals(heard.get(0).contains("hello"), heard.get(1).contains("hello"), "one way only");
      return heard.get(0).contains("hello");
    }
  }

  private static String punch(LabHost host, int port, String peer) throws Exception {
    String script =
        "for i in 1 2 3 4 5 6; do echo hello; sleep 0.3; done"
            + " | timeout 3 socat - UDP4-DATAGRAM:"
            + peer
            + ",bind=:"
            + port;
    return host.run(LIMIT, "sh", "-c", script).output();
  }

  private static String outsideOf(LabFixture lab, String host, int port) throws Exception {
    NatDiscovery found =
        NatDiscovery.run(
            lab.host(host), lab.ipv4("s1"), "-m", "-L", lab.ipv4(host), "-l", "" + port);
    assertEquals(Optional.of(EI), found.mapping(), found.output());
    return found.addresses().get(0) + ":" + found.ports().get(0);
  }

  @Test
  void aCarrierIsOneHopMore() throws Exception {
    assertEquals(62, hopsLeft("prc"));
    assertEquals(61, hopsLeft("cgn-home"));
    assertEquals(63, hopsLeft("open"));
  }

  private static int hopsLeft(String profile) throws Exception {
    try (LabFixture lab = LabFixture.behind(profile)) {
      String output = lab.host("a").run(LIMIT, "ping", "-4", "-c1", "s1").output();
      return Integer.parseInt(output.replaceFirst("(?s).*ttl=([0-9]+).*", "$1"));
    }
  }
}
