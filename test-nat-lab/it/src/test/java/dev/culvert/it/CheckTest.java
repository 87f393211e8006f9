package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code culvert check} names every profile, by our own node and by coturn, and by no liar wrongly.
 */
@Isolated("what is measured must not wait for processors")
class CheckTest {
  private static final String EI = "endpoint-independent";
  private static final String AD = "address-dependent";
  private static final String APD = "address-and-port-dependent";
  private static final String UNKNOWN = "unknown";

  /** Without a NAT there is nothing that could hairpin. */
  private static final String NOT_MEASURED = "null";

  /** NAT, mapping, filtering, ports, hairpinning, filtering of IPv6; IPv6 is never translated. */
  private record Truth(
      boolean nat,
      String mapping,
      String filtering,
      String ports,
      String hairpinning,
      String filtering6,
      int exitCode) {}

  private static final Map<String, Truth> TRUTHS =
      Map.ofEntries(
          Map.entry("full", new Truth(true, EI, EI, "preserving", "no", APD, 0)),
          Map.entry("arc", new Truth(true, EI, AD, "preserving", "no", APD, 0)),
          Map.entry("prc", new Truth(true, EI, APD, "preserving", "no", APD, 0)),
          Map.entry("adm", new Truth(true, AD, APD, "random", UNKNOWN, APD, 0)),
          Map.entry("sym", new Truth(true, APD, APD, "random", UNKNOWN, APD, 0)),
          Map.entry("symseq", new Truth(true, APD, APD, "sequential", UNKNOWN, APD, 0)),
          Map.entry("linux", new Truth(true, EI, APD, "preserving", "no", APD, 0)),
          Map.entry("hairpin", new Truth(true, EI, EI, "preserving", "yes", APD, 0)),
          Map.entry("timeout5", new Truth(true, EI, APD, "preserving", "no", APD, 0)),
          Map.entry("firewall", new Truth(false, EI, APD, "preserving", NOT_MEASURED, APD, 0)),
          Map.entry("open", new Truth(false, EI, EI, "preserving", NOT_MEASURED, EI, 0)),
          Map.entry("cgn-home", new Truth(true, EI, APD, "random", "no", APD, 0)),
          Map.entry("cgn-pair", new Truth(true, EI, APD, "random", "no", APD, 0)),
          Map.entry("cgn-hairpin", new Truth(true, EI, APD, "random", "yes", APD, 0)));

  private static CheckLab lab;

  @BeforeAll
  static void startTheLab() throws Exception {
    LabSpecBuilder spec =
        LabSpec.builder().server("ours", 2).server("coturn", 2).server("liar", 2).server("s4", 1);
    // Two kinds of carrier NAT do not fit into one lab.
    for (Profile profile : Profile.all()) {
      if (!profile.name().equals("cgn-hairpin")) {
        spec.home(host(profile.name()), profile);
      }
    }
    lab = CheckLab.up(spec.build());
  }

  @AfterAll
  static void endTheLab() throws LabException {
    lab.close();
  }

  private static Truth truth(String profile) {
    return Objects.requireNonNull(TRUTHS.get(profile), profile);
  }

  /** Names of hosts are short, since those of their routers are made from them. */
  private static String host(String profile) {
    return profile.replace("cgn-", "c-");
  }

  static Stream<Arguments> profilesAndServers() {
    return TRUTHS.keySet().stream()
        .filter(profile -> !profile.equals("cgn-hairpin"))
        .sorted()
        .flatMap(profile -> Stream.of("ours", "coturn").map(s -> Arguments.of(profile, s)));
  }

  @Test
  void everyProfileHasItsTruth() {
    Set<String> told =
        Stream.concat(TRUTHS.keySet().stream(), Stream.of("blocked")).collect(Collectors.toSet());
    assertEquals(Profile.all().stream().map(Profile::name).collect(Collectors.toSet()), told);
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("profilesAndServers")
  void namesTheProfile(String profile, String server) throws Exception {
    assertTold(truth(profile), lab, host(profile), server);
  }

  @Test
  void namesTheHairpinOfACarrier() throws Exception {
    try (CheckLab carrier =
        CheckLab.up(
            LabSpec.builder()
                .server("ours", 2)
                .server("coturn", 2)
                .home("a", "cgn-hairpin")
                .home("b", "cgn-hairpin")
                .build())) {
      assertTold(truth("cgn-hairpin"), carrier, "a", "ours");
      assertTold(truth("cgn-hairpin"), carrier, "b", "coturn");
    }
  }

  private static void assertTold(Truth truth, CheckLab lab, String host, String server)
      throws Exception {
    assertTold(truth, lab.check(host, server));
  }

  private static void assertTold(Truth truth, Checked checked) {
    JsonNode ipv4 = checked.json().path("ipv4");
    assertEquals(truth.nat(), ipv4.path("nat").asBoolean(), checked.text());
    assertEquals(truth.mapping(), ipv4.path("mapping").asText(), checked.text());
    assertEquals(truth.filtering(), ipv4.path("filtering").asText(), checked.text());
    assertEquals(!truth.filtering().equals(EI), ipv4.path("firewall").asBoolean(), checked.text());
    assertEquals(truth.ports(), ipv4.path("ports").path("pattern").asText(), checked.text());
    if (truth.ports().equals("sequential")) {
      assertEquals(1, ipv4.path("ports").path("step").asInt(), checked.text());
    }
    assertEquals(truth.hairpinning(), ipv4.path("hairpinning").asText(), checked.text());
    JsonNode ipv6 = checked.json().path("ipv6");
    assertEquals(EI, ipv6.path("mapping").asText(), checked.text());
    assertEquals(truth.filtering6(), ipv6.path("filtering").asText(), checked.text());
    assertTrue(!ipv6.path("nat").asBoolean(true), checked.text());
    assertEquals("open", checked.json().path("udp").asText(), checked.text());
    assertEquals(truth.exitCode(), checked.exitCode(), checked.text());
    for (JsonNode server : checked.json().path("servers")) {
      assertEquals("yes", server.path("rfc5780").asText(), checked.text());
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void seesThatUdpIsBlocked(String server) throws Exception {
    Checked checked = lab.check("blocked", server);
    assertEquals("blocked", checked.json().path("udp").asText(), checked.text());
    assertEquals("blocked", checked.json().path("verdict").path("grade").asText(), checked.text());
    assertEquals(6, checked.exitCode(), checked.text());
  }

  static Stream<String> servers() {
    return Stream.of("ours", "coturn");
  }

  /** Nobody listens on s4, but the way there is free: that is no blocked UDP. */
  @Test
  void tellsADeadServerFromBlockedUdp() throws Exception {
    Checked checked = lab.check("open", "s4", "--deadline", "3s");
    assertTrue(!"blocked".equals(checked.json().path("udp").asText()), checked.text());
    assertEquals(5, checked.exitCode(), checked.text());
  }

  @Test
  void measuresTheLifetimeOfAMapping() throws Exception {
    Checked checked =
        lab.check(
            "timeout5", "ours", "--full", "--longest-silence", "15s", "-4", "--deadline", "20s");
    int seconds = checked.json().path("ipv4").path("lifetimeSeconds").asInt();
    assertTrue(seconds >= 4 && seconds <= 6, checked.text());
  }

  @ParameterizedTest
  @EnumSource(LyingServer.Lie.class)
  void believesNoLiar(LyingServer.Lie lie) throws Exception {
    AutoCloseable liar = lab.lie(lie);
    try {
      for (String profile : List.of("full", "arc", "prc", "adm", "sym", "open", "firewall")) {
        Truth truth = truth(profile);
        Checked checked = lab.check(host(profile), "liar", "-4", "--deadline", "10s");
        JsonNode ipv4 = checked.json().path("ipv4");
        assertTrue(
            Set.of(truth.mapping(), UNKNOWN).contains(ipv4.path("mapping").asText()),
            lie + " about " + profile + " " + checked.text());
        assertTrue(
            Set.of(truth.filtering(), UNKNOWN).contains(ipv4.path("filtering").asText()),
            lie + " about " + profile + " " + checked.text());
        if (lie != LyingServer.Lie.CHANGES_ONLY_THE_PORT) {
          assertTrue(
              !truth.filtering().equals(EI) || UNKNOWN.equals(ipv4.path("filtering").asText()),
              lie + " cannot show that filtering is independent, " + checked.text());
        }
      }
    } finally {
      liar.close();
    }
  }
}
