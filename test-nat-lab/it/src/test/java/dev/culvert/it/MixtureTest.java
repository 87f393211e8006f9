package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.AddressPlan;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.sansio.IpLiterals;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NATs that no profile names: every mapping with every filtering, other ports, other addresses. */
class MixtureTest {
  private static final String EI = "Endpoint Independent";
  private static final String AD = "Address Dependent";
  private static final String APD = "Address and Port Dependent";

  @ParameterizedTest
  @CsvSource({
    "eim/eif/random, " + EI + ", " + EI,
    "eim/adf/sequential:2, " + EI + ", " + AD,
    "eim/apdf/random+ports=20000-20099, " + EI + ", " + APD,
    "adm/eif/preserving, " + AD + ", " + EI,
    "adm/adf/random, " + AD + ", " + AD,
    "adm/apdf/sequential, " + AD + ", " + APD,
    "apdm/eif/random, " + APD + ", " + EI,
    "apdm/adf/preserving, " + APD + ", " + AD,
    "apdm/apdf/random+hairpin, " + APD + ", " + APD,
    "none/eif, " + EI + ", " + EI,
    "none/adf, " + EI + ", " + AD,
    "none/open, " + EI + ", " + EI,
    "sym@full, " + APD + ", " + APD,
    "full@sym, " + APD + ", " + APD,
    "full@none/adf, " + EI + ", " + AD,
    "none/apdf@full, " + EI + ", " + APD,
    "linux@linux, " + EI + ", " + APD,
  })
  void strangersAgree(String profile, String mapping, String filtering) throws Exception {
    try (LabFixture lab = LabFixture.behind(profile)) {
      NatDiscovery found = NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m", "-f");
      assertEquals(Optional.of(mapping), found.mapping(), found.output());
      assertEquals(Optional.of(filtering), found.filtering(), found.output());
    }
  }

  @ParameterizedTest
  @CsvSource({"eif, " + EI, "adf, " + AD, "apdf, " + APD, "open, " + EI})
  void firewallsOfIpv6FilterAsTheyAreTold(String code, String filtering) throws Exception {
    try (LabFixture lab = LabFixture.behind("prc+ipv6=" + code)) {
      NatDiscovery found = NatDiscovery.run(lab.host("a"), lab.ipv6("s1"), "-f");
      assertEquals(Optional.of(filtering), found.filtering(), found.output());
    }
  }

  @Test
  void portsStayWithinTheirRangeAndNeverBelongToTwo() throws Exception {
    String narrow = "apdm/apdf/random+ports=30000-30003";
    LabSpec spec = LabSpec.builder().home("a", narrow).home("b", "same:a").build();
    try (Lab lab = Lab.up(spec)) {
      // Far more flows than ports, each from a socket of its own, each tried again.
      String probes =
          "for again in 1 2 3; do for port in 1 2 3 4 5 6 7 8; do"
              + " echo x >/dev/udp/203.0.113.10/$port; done; done";
      for (String host : List.of("a", "b")) {
        lab.host(host).run(Limits.PROMPT, "bash", "-c", probes);
      }
      String flows = lab.host("a-nat").run(Limits.PROMPT, "conntrack", "-L", "-pudp").output();
      List<Integer> ports =
          Pattern.compile("dst=203\\.0\\.113\\.[0-9]+ sport=[0-9]+ dport=([0-9]+) mark")
              .matcher(flows)
              .results()
              .map(hit -> Integer.valueOf(hit.group(1)))
              .sorted()
              .toList();
      assertEquals(List.of(30000, 30001, 30002, 30003), ports, flows);
    }
  }

  @Test
  void sequentialPortsTakeTheirStepsFromWhereTheyAreTold() throws Exception {
    try (LabFixture lab = LabFixture.behind("apdm/apdf/sequential:5+ports=50000-50999")) {
      List<Integer> ports = NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m").ports();
      assertEquals(List.of(50000, 50005, 50010), ports);
    }
  }

  @Test
  void otherAddressPlansAreJustAsGood() throws Exception {
    AddressPlan plan =
        new AddressPlan(
            List.of(Prefix.parse("198.18.4.0/24"), Prefix.parse("198.19.0.0/16")),
            Prefix.parse("2001:db8:77::/48"),
            Prefix.parse("100.96.0.0/16"),
            Prefix.parse("10.0.0.0/8"),
            20);
    LabSpec spec =
        LabSpec.builder()
            .addresses(plan)
            .home("a", "cgn-home")
            .home("b", "full")
            .home("c", "same:b")
            .routerAddresses(
                "b-nat",
                IpLiterals.parse("198.19.200.1"),
                Optional.of(Prefix.parse("172.16.9.0/28")))
            .build();
    try (LabFixture lab = LabFixture.up(spec)) {
      assertEquals("10.0.16.2", lab.ipv4("a"));
      assertEquals("172.16.9.3", lab.ipv4("c"));
      List<NatDiscovery> found =
          Together.all(
              () -> NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m", "-f"),
              () -> NatDiscovery.run(lab.host("c"), lab.ipv4("s1"), "-m", "-f"));
      assertEquals(Optional.of(APD), found.get(0).filtering(), found.get(0).output());
      assertEquals(Optional.of(EI), found.get(1).filtering(), found.get(1).output());
      assertEquals(List.of("198.19.200.1"), found.get(1).addresses());
    }
  }

  @Test
  void homesMayHaveTheSameAddressesInside() throws Exception {
    Optional<Prefix> same = Optional.of(Prefix.parse("192.168.0.0/24"));
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc")
            .home("b", "prc")
            .routerAddresses("a-nat", Optional.empty(), same)
            .routerAddresses("b-nat", Optional.empty(), same)
            .build();
    try (LabFixture lab = LabFixture.up(spec)) {
      assertEquals(lab.ipv4("a"), lab.ipv4("b"));
      for (String host : List.of("a", "b")) {
        LabHost at = lab.host(host);
        assertEquals(Optional.of(EI), NatDiscovery.run(at, lab.ipv4("s1"), "-m").mapping(), host);
      }
    }
  }

  @Test
  void aHomeWithoutIpv6HasNone() throws Exception {
    try (LabFixture lab = LabFixture.behind("prc+ipv6=none")) {
      assertEquals(List.of(), lab.host("a").ipv6());
      String routes = lab.host("a").run(Limits.PROMPT, "ip", "-6", "route").output();
      assertTrue(!routes.contains("default"), routes);
    }
  }
}
