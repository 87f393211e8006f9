package dev.culvert.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTest {

  @ParameterizedTest
  @CsvSource({
    "full, ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT, PRESERVING",
    "arc, ENDPOINT_INDEPENDENT, ADDRESS_DEPENDENT, PRESERVING",
    "prc, ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT_DEPENDENT, PRESERVING",
    "adm, ADDRESS_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM",
    "sym, ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, RANDOM",
    "symseq, ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, SEQUENTIAL",
    "linux, ADDRESS_AND_PORT_DEPENDENT, ADDRESS_AND_PORT_DEPENDENT, OVERLOADING",
    "firewall, NONE, ADDRESS_AND_PORT_DEPENDENT, PRESERVING",
  })
  void namesStandForBehaviours(
      String name, Mapping mapping, Filtering filtering, PortAllocation.Kind ports) {
    NatBehaviour behaviour = Profile.parse(name).routers().get(0);
    assertEquals(mapping, behaviour.mapping());
    assertEquals(filtering, behaviour.filtering());
    assertEquals(ports, behaviour.ports().kind());
  }

  @Test
  void everyProfileIsFoundByItsNameAndHasWords() {
    for (Profile profile : Profile.all()) {
      assertEquals(profile, Profile.parse(profile.name()));
      assertTrue(profile.words().length() > 10, profile.words());
    }
  }

  @Test
  void modifiersConcernTheRouterNearestToTheInternet() {
    Profile profile = Profile.parse("cgn-home+hairpin+timeout=30s+ports=5000-5999+ipv6=none");
    assertEquals(Profile.parse("cgn-home").routers().get(0), profile.routers().get(0));
    NatBehaviour carrier = profile.routers().get(1);
    assertTrue(carrier.hairpin());
    assertEquals(Duration.ofSeconds(30), carrier.timeout());
    assertEquals(5000, carrier.ports().first());
    assertEquals(5999, carrier.ports().last());
    assertEquals(Optional.empty(), carrier.ipv6());
  }

  @Test
  void mixturesAreWrittenInShort() {
    Profile profile = Profile.parse("eim/adf/sequential:4+answers@apdm/apdf/overloading@none/eif");
    List<NatBehaviour> routers = profile.routers();
    assertEquals(3, routers.size());
    assertEquals(4, routers.get(0).ports().step());
    assertEquals(false, routers.get(0).silent());
    assertEquals(PortAllocation.Kind.OVERLOADING, routers.get(1).ports().kind());
    assertEquals(Mapping.NONE, routers.get(2).mapping());
    assertEquals(Optional.of(Filtering.ENDPOINT_INDEPENDENT), routers.get(2).ipv6());
  }

  @Test
  void everyOptionIsRead() {
    NatBehaviour behaviour =
        Profile.parse(
                "eim/adf/random+ports=5000-5999+parity+block=64+refresh=both+addresses=3"
                    + "+pooling=arbitrary+neighbours=10/s+fragments=drop+rewrites+blackhole"
                    + "+syn=rst+established=7440s+transitory=60+nat64")
            .routers()
            .get(0);
    assertEquals(
        new PortAllocation(PortAllocation.Kind.RANDOM, 5000, 5999, 1, true, 64), behaviour.ports());
    assertEquals(
        new NatOptions(
            Refresh.BOTH,
            new OutsidePool(3, Pooling.ARBITRARY, 10),
            new PacketHandling(true, true, true),
            new TcpBehaviour(UnsolicitedSyn.RESET, Duration.ofMinutes(124), Duration.ofMinutes(1)),
            true),
        behaviour.options());
    assertEquals(
        "mapping endpoint-independent, filtering address-dependent, ports random, 5000-5999, parity"
            + " kept, blocks of 64, NAT64, refreshed both, 3 addresses, arbitrary pooling,"
            + " neighbours 10/s, drops fragments, rewrites payloads, PMTU black hole, unsolicited"
            + " SYN: rst, transitory TCP 60 s; IPv6 filtering address-and-port-dependent",
        behaviour.words());
    assertEquals(
        NatOptions.USUAL.withPackets(PacketHandling.CLEAN.withBlackHole(true)),
        Profile.parse("none/open+blackhole").routers().get(0).options());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cone",
        "prc+",
        "prc+nothing",
        "prc+timeout=soon",
        "prc+timeout=0s",
        "prc+timeout=3601s",
        "prc+ports=9-1",
        "prc+ports=0-70000",
        "prc+mapping=half",
        "open+hairpin",
        "linux+hairpin",
        "firewall+hairpin",
        "eim/open",
        "eim",
        "eim/apdf/preserving/more",
        "eim/apdf/sequential:0",
        "@",
        "prc@@sym",
        "prc+hairpin=yes",
        "prc+nat64=no",
        "prc+refresh=never",
        "prc+addresses=0",
        "prc+addresses=17",
        "prc+pooling=any",
        "prc+neighbours=10",
        "prc+neighbours=10001/s",
        "prc+fragments=yes",
        "prc+syn=fin",
        "prc+established=0s",
        "prc+transitory=172801s",
        "prc+block=70000",
        "linux+parity",
        "linux+block=64",
        "symseq+ports=sequential:2+parity",
        "firewall+nat64",
        "firewall+neighbours=1/s",
        "firewall+parity",
      })
  void whatMakesNoSenseIsRefusedInOneLine(String text) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> Profile.parse(text));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.length() > 10 && message.indexOf('\n') < 0, message);
  }
}
