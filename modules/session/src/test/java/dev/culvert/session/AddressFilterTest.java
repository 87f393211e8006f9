package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.turn.server.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFilterTest {
  private static final List<LocalAddress> HOST =
      List.of(
          local("lo", "127.0.0.1"),
          local("eth0", "192.0.2.1"),
          local("eth0", "2001:db8::1"),
          local("eth0", "fe80::1"),
          local("wlan0", "192.168.1.2"),
          local("wg0", "10.8.0.2"),
          local("docker0", "172.17.0.1"),
          local("virbr0", "192.168.122.1"));

  private static LocalAddress local(String name, String ip) {
    return new LocalAddress(name, IpLiterals.parse(ip).orElseThrow());
  }

  private static IpPrefix range(String text) {
    return IpPrefix.parse(text).orElseThrow();
  }

  /** What becomes of one address: {@code used}, or why not. */
  private static String fate(AddressFilter filter, String name, String ip) {
    AddressChoice choice = filter.choose(List.of(local(name, ip)));
    return choice.leftOut().isEmpty() ? "used" : choice.leftOut().get(0).reason().toString();
  }

  private static List<String> used(AddressFilter filter) {
    return filter.choose(HOST).used().stream().map(AddressChoice::named).toList();
  }

  @Test
  void peopleSeeWhatIsUsedAndWhyTheRestIsNot() {
    assertEquals(
        List.of(
            "eth0 192.0.2.1 used",
            "eth0 2001:db8::1 used",
            "wlan0 192.168.1.2 used",
            "wg0 10.8.0.2 used",
            "lo 127.0.0.1 left out: loopback",
            "eth0 fe80::1 left out: link-local",
            "docker0 172.17.0.1 left out: a container bridge",
            "virbr0 192.168.122.1 left out: a network of virtual machines"),
        AddressFilter.standard().choose(HOST).lines());
  }

  @Test
  void nothingLeftIsSaidToo() {
    AddressChoice choice =
        AddressFilter.standard().choose(List.of(local("", "169.254.7.7"), local("lo", "::1")));
    assertEquals(List.of(), choice.used());
    assertEquals(
        List.of("169.254.7.7 left out: link-local", "lo ::1 left out: loopback"), choice.lines());
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, LOOPBACK",
    "127.255.0.1, LOOPBACK",
    "::1, LOOPBACK",
    "0.1.2.3, UNSPECIFIED",
    "169.254.0.1, LINK_LOCAL",
    "fe80::1, LINK_LOCAL",
    "febf::1, LINK_LOCAL",
    "224.0.0.251, MULTICAST",
    "255.255.255.255, MULTICAST",
    "ff02::fb, MULTICAST",
    "fec0::1, SITE_LOCAL",
    "::192.0.2.1, IPV4_COMPATIBLE",
    "2002:c000:201::1, SIX_TO_FOUR",
    "2001:0:1::1, TEREDO",
    "2001:db8::1, used",
    "2001:1::1, used",
    "fd00::1, used",
    "fc00::1, used",
    "10.0.0.1, used",
    "172.17.0.1, used",
    "100.64.0.1, used",
    "169.253.0.1, used",
    "198.51.100.1, used",
  })
  void someAddressesAreOfNoUseToPeers(String ip, String fate) {
    assertEquals(fate, fate(AddressFilter.standard(), "eth0", ip));
  }

  @ParameterizedTest
  @CsvSource({
    "docker0, CONTAINERS",
    "docker_gwbridge, CONTAINERS",
    "br-0a1b2c3d4e5f, CONTAINERS",
    "veth1a2b3c4, CONTAINERS",
    "lxcbr0, CONTAINERS",
    "lxdbr0, CONTAINERS",
    "incusbr0, CONTAINERS",
    "cni0, CONTAINERS",
    "cni-podman0, CONTAINERS",
    "podman1, CONTAINERS",
    "flannel.1, CONTAINERS",
    "cali123456789ab, CONTAINERS",
    "vxlan.calico, CONTAINERS",
    "cilium_host, CONTAINERS",
    "kube-ipvs0, CONTAINERS",
    "virbr0, VIRTUAL_MACHINES",
    "vnet3, VIRTUAL_MACHINES",
    "vmnet8, VIRTUAL_MACHINES",
    "vboxnet0, VIRTUAL_MACHINES",
    "vnic0, VIRTUAL_MACHINES",
    "bridge100, VIRTUAL_MACHINES",
    "eth0, used",
    "en0, used",
    "wlan0, used",
    "br-lan, used",
    "br0, used",
    "bridge0, used",
    "bond0.7, used",
    "tun0, used",
    "tap0, used",
    "wg0, used",
    "tailscale0, used",
    "utun3, used",
    "ppp0, used",
    "mydocker, used",
    "'', used",
  })
  void someInterfacesLeadToNobodyElse(String name, String fate) {
    assertEquals(fate, fate(AddressFilter.standard(), name, "10.1.2.3"));
  }

  @Test
  void whoNamesAnInterfaceMeansIt() {
    assertEquals(List.of("docker0 172.17.0.1"), used(AddressFilter.standard().using("docker0")));
    assertEquals(List.of("docker0 172.17.0.1"), used(AddressFilter.standard().using("dock*")));
    assertEquals(List.of("lo 127.0.0.1"), used(AddressFilter.standard().using("lo")));
    assertEquals(
        List.of("eth0 192.0.2.1", "eth0 2001:db8::1"),
        used(AddressFilter.standard().using("eth0")));
  }

  @Test
  void itSaysWhetherItNamesAny() {
    assertTrue(AddressFilter.standard().using("nosuch0", "wg*").names(HOST));
    assertFalse(AddressFilter.standard().using("nosuch0").names(HOST));
    assertFalse(AddressFilter.standard().names(HOST));
  }

  @Test
  void whoNamesARangeMeansIt() {
    assertEquals(
        List.of("docker0 172.17.0.1"),
        used(AddressFilter.standard().using(range("172.17.0.0/16"))));
    assertEquals(List.of("eth0 fe80::1"), used(AddressFilter.standard().using(range("fe80::/10"))));
    assertEquals(
        List.of("eth0 192.0.2.1", "eth0 2001:db8::1", "docker0 172.17.0.1"),
        used(AddressFilter.standard().using("eth*").using(range("172.17.0.1"))));
  }

  @Test
  void whoNamesEverythingMeansNothingInParticular() {
    assertEquals(used(AddressFilter.standard()), used(AddressFilter.standard().using("*")));
    assertEquals(
        List.of("eth0 192.0.2.1", "wlan0 192.168.1.2", "wg0 10.8.0.2"),
        used(AddressFilter.standard().using(range("0.0.0.0/0"))));
  }

  @Test
  void addressesOfNobodyStayOutWhateverIsNamed() {
    AddressFilter filter =
        AddressFilter.standard().using("eth0").using(range("224.0.0.0/4"), range("0.0.0.0/8"));
    assertEquals("MULTICAST", fate(filter, "eth0", "224.0.0.1"));
    assertEquals("UNSPECIFIED", fate(filter, "eth0", "0.1.2.3"));
  }

  @Test
  void whatIsExcludedIsNotUsedWhateverIsNamed() {
    AddressFilter filter = AddressFilter.standard().using("eth0", "w*");
    assertEquals(List.of("wlan0 192.168.1.2", "wg0 10.8.0.2"), used(filter.excluding("eth?")));
    assertEquals(
        List.of("eth0 2001:db8::1", "wlan0 192.168.1.2"),
        used(filter.excluding(range("10.0.0.0/8"), range("192.0.2.1"))));
    assertEquals("EXCLUDED", fate(filter.excluding("eth0"), "eth0", "192.0.2.1"));
    assertEquals("NOT_ASKED_FOR", fate(filter, "eth1", "192.0.2.1"));
  }

  @Test
  void oneIpVersionMaySuffice() {
    assertEquals(List.of("eth0 2001:db8::1"), used(AddressFilter.standard().families(false, true)));
    assertEquals(
        List.of("eth0 192.0.2.1"),
        used(AddressFilter.standard().using("eth0").families(true, false)));
    assertEquals(
        "OTHER_FAMILY",
        fate(AddressFilter.standard().families(true, false), "eth0", "2001:db8::1"));
  }

  @Test
  void nonsenseIsRefused() {
    AddressFilter filter = AddressFilter.standard();
    assertThrows(IllegalArgumentException.class, () -> filter.using(""));
    assertThrows(IllegalArgumentException.class, () -> filter.excluding(""));
    assertThrows(IllegalArgumentException.class, () -> filter.families(false, false));
  }

  @ParameterizedTest
  @CsvSource({
    "eth0, eth0, true",
    "eth0, eth00, false",
    "eth*, eth, true",
    "eth*, eth0.7, true",
    "*0, eth0, true",
    "*0, eth01, false",
    "e*h*0, eth1h0, true",
    "e*h*0, eth1, false",
    "eth?, eth0, true",
    "eth?, eth, false",
    "?*, '', false",
    "*, '', true",
    "**a**b, xaxxab, true",
    "**a**b, xaxxa, false",
    "e.h, eth, false",
    "ETH0, eth0, false",
    "*a*a*a*a*b, aaaaaaaaaaaaaaa, false",
  })
  void patterns(String pattern, String name, boolean fits) {
    assertEquals(fits, InterfacePattern.matches(pattern, name));
  }
}
