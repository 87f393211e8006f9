package dev.culvert.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LabSpecTest {

  private static LabSpec of(List<RouterSpec> routers, List<HostSpec> hosts) {
    return new LabSpec(AddressPlan.usual(), routers, hosts, Impairment.AUTOMATIC, 1);
  }

  private static RouterSpec router(String name, String uplink) {
    return RouterSpec.of(name, uplink, Profile.parse("prc").routers().get(0));
  }

  @Test
  void routersInARingAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> of(List.of(router("x", "y"), router("y", "x")), List.of()));
  }

  @Test
  void unknownUplinksAndRepeatedNamesAreRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> of(List.of(), List.of(HostSpec.of("a", "nowhere"))));
    assertThrows(
        IllegalArgumentException.class,
        () -> of(List.of(router("a", "internet")), List.of(HostSpec.of("a", "internet"))));
    assertThrows(IllegalArgumentException.class, () -> HostSpec.of("Internet; rm", "internet"));
    assertThrows(IllegalArgumentException.class, () -> HostSpec.of("wire", "internet"));
  }

  @Test
  void hostsOfOneHomeShareItsRouterAndPeersOfOneCarrierShareOnlyThat() {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc")
            .home("b", "same:a")
            .home("c", "cgn-pair")
            .home("d", "cgn-pair")
            .build();
    assertEquals(
        List.of("a-nat", "cgn", "c-nat", "d-nat"),
        spec.routers().stream().map(RouterSpec::name).toList());
    assertEquals(
        List.of("s1", "s2", "a", "b", "c", "d"),
        spec.hosts().stream().map(HostSpec::name).toList());
    assertEquals("a-nat", spec.hosts().get(3).uplink());
  }

  @Test
  void peersOfOneCarrierCannotDifferInIt() {
    LabSpecBuilder builder = LabSpec.builder().home("a", "cgn-pair");
    assertThrows(IllegalArgumentException.class, () -> builder.home("b", "cgn-hairpin"));
  }

  @Test
  void aLinkIsTheHomesLineUnlessTheHomeIsShared() {
    LinkSpec slow = LinkSpec.parse("delay:1s");
    LabSpec own = LabSpec.builder().home("a", "prc").link("a", slow).build();
    assertEquals(slow, own.routers().get(0).link());
    LabSpec shared = LabSpec.builder().home("a", "prc").home("b", "same:a").link("b", slow).build();
    assertEquals(LinkSpec.PERFECT, shared.routers().get(0).link());
    assertEquals(slow, shared.hosts().get(3).link());
    assertEquals(slow, LabSpec.builder().link("s2", slow).build().hosts().get(1).link());
    assertThrows(
        IllegalArgumentException.class, () -> LabSpec.builder().link("nobody", LinkSpec.PERFECT));
  }
}
