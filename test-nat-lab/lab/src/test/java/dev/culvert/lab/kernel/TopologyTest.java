package dev.culvert.lab.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.AddressPlan;
import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.Profile;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopologyTest {

  private static Node node(Layout layout, String name) {
    return layout.nodes().stream().filter(node -> node.name.equals(name)).findFirst().orElseThrow();
  }

  @Test
  void noAddressOccursTwice() {
    LabSpecBuilder builder = LabSpec.builder();
    int host = 0;
    for (int round = 0; round < 4; round++) {
      for (Profile profile : Profile.all()) {
        if (!profile.name().equals("cgn-hairpin")) {
          builder.home("h" + host++, profile);
        }
      }
    }
    Set<InetAddress> seen = new HashSet<>();
    Topology.of(builder.build())
        .addresses()
        .forEach((name, its) -> its.forEach(ip -> assertTrue(seen.add(ip), name + " " + ip)));
    assertTrue(seen.size() > 150, seen.size() + " addresses");
  }

  @Test
  void namesStandForFirstAddresses() {
    String hosts = Topology.of(LabSpec.builder().home("a", "prc").build()).hostsFile();
    assertTrue(hosts.contains("203.0.113.10 s1\n198.51.100.10 s1-2\n"), hosts);
    assertTrue(hosts.contains("192.168.1.2 a\n"), hosts);
  }

  @Test
  void smallLinksAndHomesWithoutItCarryNoIpv6() {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc+ipv6=none")
            .home("b", "prc")
            .link("b", LinkSpec.parse("mtu:1279"))
            .home("c", "prc")
            .link("c", LinkSpec.parse("mtu:1280"))
            .build();
    Layout layout = Topology.of(spec);
    assertEquals(1, layout.addresses().getOrDefault("a", List.of()).size());
    assertEquals(1, layout.addresses().getOrDefault("b", List.of()).size());
    assertEquals(2, layout.addresses().getOrDefault("c", List.of()).size());
  }

  @Test
  void rangesBehindRoutersThatDoNotTranslateAreRoutedAllTheWay() {
    Layout layout = Topology.of(LabSpec.builder().home("a", "none/apdf@none/apdf").build());
    InetAddress a = layout.addresses().getOrDefault("a", List.of()).get(0);
    for (String upper : List.of("internet", "a-nat2")) {
      assertTrue(
          node(layout, upper).ip4.stream()
              .filter(line -> line.startsWith("route add ") && line.contains(" via "))
              .map(line -> line.split(" ", -1)[2])
              .filter(range -> range.indexOf('/') > 0)
              .anyMatch(range -> Prefix.parse(range).contains(a)),
          upper + ": " + node(layout, upper).ip4);
    }
  }

  @Test
  void ownAddressesAndRangesAreTaken() {
    AddressPlan plan =
        new AddressPlan(
            List.of(Prefix.parse("198.18.0.0/24")),
            Prefix.parse("2001:db8:1::/48"),
            Prefix.parse("100.100.0.0/16"),
            Prefix.parse("10.0.0.0/8"),
            16);
    LabSpec spec =
        LabSpec.builder()
            .addresses(plan)
            .home("a", "cgn-home")
            .home("b", "prc")
            .routerAddresses(
                "b-nat",
                IpLiterals.parse("198.18.0.99"),
                Optional.of(Prefix.parse("172.20.0.0/28")))
            .build();
    Layout layout = Topology.of(spec);
    String all = layout.hostsFile();
    for (String line :
        List.of(
            "198.18.0.1 internet",
            "198.18.0.10 s1",
            "198.18.0.11 s1-2",
            "10.1.0.2 a",
            "100.100.0.2 a-nat",
            "198.18.0.99 b-nat",
            "172.20.0.2 b")) {
      assertTrue(all.contains(line + "\n"), line + " is not in:\n" + all);
    }
  }

  @Test
  void plansThatAreTooSmallAreRefusedInOneLine() {
    LabSpecBuilder builder =
        LabSpec.builder()
            .addresses(
                new AddressPlan(
                    List.of(Prefix.parse("192.0.2.0/28")),
                    Prefix.parse("2001:db8::/32"),
                    Prefix.parse("100.64.0.0/10"),
                    Prefix.parse("192.168.0.0/16"),
                    24));
    for (int i = 0; i < 9; i++) {
      builder.home("h" + i, "open");
    }
    LabSpec spec = builder.build();
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Topology.of(spec));
    assertTrue(String.valueOf(refusal.getMessage()).contains("192.0.2.0/28"));
  }

  @Test
  void anAddressOutsideOfItsRoutersRangeIsRefused() {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc")
            .host(
                new HostSpec(
                    "b",
                    "a-nat",
                    List.of(IpLiterals.parse("10.1.1.1").orElseThrow()),
                    1,
                    LinkSpec.PERFECT))
            .build();
    assertThrows(IllegalArgumentException.class, () -> Topology.of(spec));
  }

  @Test
  void poolsHaveAllTheirAddressesAndNat64sNoIpv4Inside() {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc+addresses=3")
            .home("b", "eim/adf/random+nat64+ipv6=none")
            .build();
    Layout layout = Topology.of(spec);
    assertEquals(3, layout.addresses().getOrDefault("a-nat", List.of()).size());
    assertTrue(
        layout.addresses().getOrDefault("b", List.of()).stream()
            .allMatch(address -> address.getAddress().length == 16));
    LabSpec behind = LabSpec.builder().home("a", "prc@prc+nat64").build();
    assertThrows(IllegalArgumentException.class, () -> Topology.of(behind));
  }

  @Test
  void addressesChangeAlikeInEachWorld() {
    LabSpec spec = LabSpec.builder().home("a", "prc").home("b", "sym").build();
    for (int world = 0; world < 2; world++) {
      Addressing addressing = Topology.of(spec).addressing();
      assertEquals(
          "192.0.2.11", IpLiterals.format(addressing.readdress("a-nat", Optional.empty()), false));
      assertEquals(
          List.of("192.168.2.3", "2001:db8:0:2::3"),
          addressing.move("a", "b-nat").stream().map(ip -> IpLiterals.format(ip, false)).toList());
      assertEquals(2, addressing.present().getOrDefault("a", List.of()).size());
    }
  }

  @Test
  void impossibleChangesOfAddressesAreRefused() {
    Addressing addressing =
        Topology.of(LabSpec.builder().home("a", "cgn-home").build()).addressing();
    for (String taken : List.of("203.0.113.10", "192.168.1.2", "2001:db8::99")) {
      Optional<InetAddress> wanted = IpLiterals.parse(taken);
      assertThrows(
          IllegalArgumentException.class, () -> addressing.readdress("a-nat", wanted), taken);
    }
    assertThrows(IllegalArgumentException.class, () -> addressing.readdress("a", Optional.empty()));
    assertThrows(IllegalArgumentException.class, () -> addressing.move("a", "nowhere"));
    assertThrows(IllegalArgumentException.class, () -> addressing.move("a-nat", "internet"));
  }

  @Test
  void aLabThatMayChangeHasTheSameAddressesAndStaysAsItIsWithoutAChange() {
    LabSpecBuilder builder = LabSpec.builder().home("x", "prc+addresses=3");
    int host = 0;
    for (Profile profile : Profile.all()) {
      if (!profile.name().equals("cgn-hairpin")) {
        builder.home("h" + host, profile).home("i" + host, "same:h" + host++);
      }
    }
    LabSpec spec = builder.build();
    Layout layout = Topology.changeable(spec);
    assertEquals(Topology.of(spec).addresses(), layout.addresses());
    Layout again = Topology.changed(spec, layout.addresses());
    assertEquals(layout.addresses(), again.addresses());
    assertEquals(layout.cables(), again.cables());
    for (Node node : layout.nodes()) {
      Node same = node(again, node.name);
      assertTrue(Difference.same(node, same), node.name + ": " + Difference.gone(node, same));
      assertEquals(node.rules, same.rules);
    }
  }

  @Test
  void onlyWhatAMoveTouchesChanges() {
    LabSpec spec =
        LabSpec.builder().home("a", "cgn-home").home("b", "sym").home("c", "prc").build();
    Layout before = Topology.changeable(spec);
    Addressing addressing = before.addressing();
    addressing.move("a", "b-nat");
    Layout after = Topology.changed(Specs.moved(spec, "a", "b-nat"), addressing.present());
    assertEquals(
        Set.of("a", "a-nat", "b-nat"),
        before.nodes().stream()
            .map(node -> node.name)
            .filter(name -> !Difference.same(node(before, name), node(after, name)))
            .collect(Collectors.toSet()));
    assertEquals("b-nat", after.cable("a").upper());
    assertEquals(before.cable("a").number(), after.cable("a").number());
  }
}
