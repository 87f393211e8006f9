package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What changes in a lab that runs, proven by programs that know nothing of it. */
class WorldTest {

  private static String ipv4(KernelWorld world, String name) {
    return IpLiterals.format(world.lab().host(name).firstIpv4().orElseThrow(), false);
  }

  private static String ping(LabHost host, String... options) throws Exception {
    String[] command = new String[options.length + 2];
    command[0] = "ping";
    command[1] = "-q";
    System.arraycopy(options, 0, command, 2, options.length);
    return host.run(Limits.PROMPT, command).output();
  }

  private static int received(String ping) {
    return Integer.parseInt(ping.replaceFirst("(?s).* ([0-9]+) received.*", "$1"));
  }

  private static double least(String ping) {
    return Double.parseDouble(ping.replaceFirst("(?s).*rtt [^=]*= ([0-9.]+)/.*", "$1"));
  }

  @Test
  void aRouterForgetsWhenItRestarts() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "eim/eif/random").home("b", "sym").build();
    try (KernelWorld world = KernelWorld.up(spec)) {
      Lab lab = world.lab();
      LabHost router = lab.host("a-nat");
      try (LabProcess server = Echo.serve(lab.host("s1"));
          Echo flow = Echo.from(lab.host("a"), 5000, "s1");
          Echo other = Echo.from(lab.host("b"), 5000, "s1")) {
        List<String> before = flow.seen();
        List<String> otherBefore = other.seen();
        assertEquals(before, flow.seen(), "a mapping lasts");
        assertEquals(ipv4(world, "a-nat"), before.get(0));

        world.reboot("a-nat");

        String flows = router.run(Limits.PROMPT, "conntrack", "-L").output();
        assertFalse(flows.contains("port=" + before.get(1)), flows);
        String maps =
            router.run(Limits.PROMPT, "nft", "list", "map", "ip", "nat", "hosts").output();
        assertFalse(maps.contains("elements"), maps);
        List<String> after = flow.seen();
        assertEquals(before.get(0), after.get(0), "its address stays");
        assertNotEquals(before.get(1), after.get(1), "its mappings do not");
        assertEquals(after, flow.seen());
        assertEquals(otherBefore, other.seen(), "other routers know nothing of it");
        assertTrue(server.alive());
      }
    }
  }

  @Test
  void anotherAddressIsSeenEverywhere() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "prc").home("b", "cgn-home").build();
    try (KernelWorld world = KernelWorld.up(spec)) {
      Lab lab = world.lab();
      Coturn.on(lab.host("s1"));
      for (String profile : new String[] {"a", "b"}) {
        String router = profile + "-nat";
        String old = ipv4(world, router);
        LabHost upper = lab.host(profile.equals("a") ? "s2" : "b-nat2");
        try (LabProcess server = Echo.serve(lab.host("s1"));
            Echo flow = Echo.from(lab.host(profile), 5000, "s1")) {
          String before = flow.seen().get(0);

          Optional<InetAddress> wanted =
              profile.equals("a") ? IpLiterals.parse("198.51.100.77") : Optional.empty();
          world.readdress(router, wanted);

          assertNotEquals(old, ipv4(world, router));
          wanted.ifPresent(address -> assertEquals("198.51.100.77", ipv4(world, router)));
          // Behind a carrier's NAT the Internet sees no difference.
          assertEquals(profile.equals("a") ? ipv4(world, router) : before, flow.seen().get(0));
          assertTrue(server.alive());
        }
        String fresh = ipv4(world, router);
        LabProcess name = lab.host("s2").run(Limits.PROMPT, "getent", "ahostsv4", router);
        assertTrue(name.output().startsWith(fresh + " "), name.output());
        String addresses = lab.host(router).run(Limits.PROMPT, "ip", "-4", "addr").output();
        assertFalse(addresses.contains(" " + old + "/"), addresses);
        assertEquals(0, received(ping(upper, "-c1", "-W1", old)), old + " is gone");
        NatDiscovery found = NatDiscovery.run(lab.host(profile), ipv4(world, "s1"), "-m", "-f");
        assertEquals(Optional.of("Endpoint Independent"), found.mapping(), found.output());
        assertEquals(Optional.of("Address and Port Dependent"), found.filtering(), found.output());
        assertEquals(0, lab.host(profile).run(Limits.PROMPT, "ping", "-6", "-c1", "s2").exitCode());
      }
      IllegalArgumentException taken =
          assertThrows(
              IllegalArgumentException.class,
              () -> world.readdress("a-nat", IpLiterals.parse("203.0.113.10")));
      assertTrue(String.valueOf(taken.getMessage()).contains("belongs to s1"));
      assertThrows(IllegalArgumentException.class, () -> world.readdress("a", Optional.empty()));
    }
  }

  @Test
  void whatIsRoutedToAFirewallFollowsItsAddress() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "none/apdf@none/apdf").build();
    try (KernelWorld world = KernelWorld.up(spec)) {
      Lab lab = world.lab();
      for (String router : List.of("a-nat2", "a-nat")) {
        String inside = ipv4(world, "a");
        world.readdress(router, Optional.empty());
        assertEquals(inside, ipv4(world, "a"), "its hosts keep their addresses");
        for (String family : List.of("-4", "-6")) {
          String ping = ping(lab.host("a"), family, "-c1", "s1");
          assertEquals(1, received(ping), router + ": " + ping);
        }
      }
    }
  }

  @Test
  void aHostMovesBetweenHomesAndTheInternet(@TempDir Path files) throws Exception {
    Path pcap = files.resolve("a.pcap");
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc")
            .home("b", "sym")
            .link("s2", LinkSpec.parse("delay:1ms"))
            .build();
    try (KernelWorld world = KernelWorld.up(spec)) {
      Lab lab = world.lab();
      LabHost a = lab.host("a");
      world.capture("a", pcap);
      Coturn.on(lab.host("s1"));
      for (String uplink : List.of("b-nat", LabSpec.INTERNET, "a-nat")) {
        String old = ipv4(world, "a");
        world.move("a", uplink);
        String fresh = ipv4(world, "a");
        assertNotEquals(old, fresh);
        String addresses = a.run(Limits.PROMPT, "ip", "-4", "addr").output();
        assertTrue(addresses.contains(" " + fresh + "/"), addresses);
        assertFalse(addresses.contains(" " + old + "/"), addresses);
        NatDiscovery found = NatDiscovery.run(a, ipv4(world, "s1"), "-m");
        String seen = uplink.equals(LabSpec.INTERNET) ? "a" : uplink;
        assertEquals(List.of(ipv4(world, seen)), found.addresses(), found.output());
        if (uplink.equals("b-nat")) {
          assertEquals(Optional.of("Address and Port Dependent"), found.mapping(), found.output());
          assertEquals(1, received(ping(lab.host("b"), "-4", "-c1", "a")), "a is b's neighbour");
        }
        for (String family : List.of("-4", "-6")) {
          assertEquals(1, received(ping(a, family, "-c1", "s2")), family + " by " + uplink);
        }
        LabProcess name = lab.host("s2").run(Limits.PROMPT, "getent", "ahostsv4", "a");
        assertTrue(name.output().startsWith(fresh + " "), name.output());
      }
      assertThrows(IllegalArgumentException.class, () -> world.move("a", "nowhere"));
      assertThrows(IllegalArgumentException.class, () -> world.move("a-nat", "b-nat"));
      lab.down();
      assertFalse(lab.alive());
    }
    String all = read(pcap, "icmp[icmptype] == icmp-echo and dst host 192.0.2.10");
    assertEquals(3, count(all, "echo request"), "one from each place: " + all);
  }

  @Test
  void aCutLineIsSilentAndAPcapShowsIt(@TempDir Path files) throws Exception {
    LabSpec spec =
        LabSpec.builder().home("a", "prc").link("a", LinkSpec.parse("delay:2ms")).build();
    Path host = files.resolve("host of a.pcap");
    Path router = files.resolve("router.pcap");
    try (KernelWorld world = KernelWorld.up(spec)) {
      LabHost a = world.lab().host("a");
      world.capture("a", host);
      world.capture("a-nat", router);
      assertEquals(2, received(ping(a, "-4", "-c2", "-i0.2", "s1")));
      for (String line : List.of("a", "a-nat", "s1")) {
        world.cut(line);
        world.cut(line);
        String silent = ping(a, "-4", "-c2", "-i0.2", "-W1", "s1");
        assertEquals(0, received(silent), silent);
        assertFalse(silent.contains("errors"), silent);
        String other = ping(world.lab().host("s1"), "-4", "-c2", "-i0.2", "-W1", "a-nat");
        assertFalse(other.contains("errors"), other);
        world.mend(line);
        world.mend(line);
        String mended = ping(a, "-4", "-c2", "-i0.2", "s1");
        assertEquals(2, received(mended), line + ": " + mended);
        assertTrue(least(mended) >= 3.9, mended);
      }
      assertThrows(IllegalArgumentException.class, () -> world.cut(LabSpec.INTERNET));
    }
    String all = read(host, "icmp");
    assertEquals(14, count(all, "echo request"), all);
    assertEquals(8, count(all, "echo reply"), all);
    assertEquals(22, count(all, ": ICMP "), "nothing else, such as unreachable: " + all);
    assertFalse(all.contains("bad cksum") || all.contains("wrong"), all);
    String both = read(router, "icmp and host 203.0.113.10");
    // Each inside and outside, but none while a is cut off; then s1 reaches this router alone.
    assertEquals(2 * (14 - 2) + 2, count(both, "echo request"), both);
  }

  private static String read(Path pcap, String filter) throws Exception {
    Child tcpdump = Child.run(30, List.of("tcpdump", "-nvvr", pcap.toString(), filter));
    assertEquals(0, tcpdump.exitCode(), tcpdump.output());
    return tcpdump.output();
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  @Test
  void aLineChangesWhileItIsUsed() throws Exception {
    LabSpec spec = LabSpec.builder().home("a", "prc").build();
    try (KernelWorld world = KernelWorld.up(spec)) {
      LabHost a = world.lab().host("a");
      assertTrue(least(ping(a, "-4", "-c3", "-i0.2", "s1")) < 50);
      try (LabProcess server = Echo.serve(world.lab().host("s1"));
          Echo flow = Echo.from(a, 5000, "s1")) {
        List<String> before = flow.seen();
        world.relink("a", LinkSpec.parse("delay:60ms,mtu:1400"));
        String slow = ping(a, "-4", "-c3", "-i0.2", "-Mdo", "-s1372", "s1");
        assertTrue(least(slow) >= 119.5, slow);
        assertEquals(0, received(ping(a, "-4", "-c1", "-W1", "-Mdo", "-s1373", "s1")));
        assertEquals(before, flow.seen(), "nothing breaks");
        world.relink("a", LinkSpec.parse("duplicate:100%"));
        String twice = ping(a, "-4", "-c3", "-i0.2", "s1");
        assertTrue(twice.matches("(?s).*\\+[6-9] duplicates.*"), twice);
        world.relink("a", LinkSpec.parse("delay:100ms,reorder:50%"));
        LabProcess mixed = a.run(Limits.PROMPT, "ping", "-4", "-c60", "-i0.01", "s1");
        List<Integer> order =
            mixed.lines().stream()
                .filter(line -> line.contains("icmp_seq="))
                .map(line -> Integer.valueOf(line.replaceFirst(".*icmp_seq=([0-9]+).*", "$1")))
                .toList();
        long late =
            IntStream.range(1, order.size()).filter(i -> order.get(i) < order.get(i - 1)).count();
        assertTrue(order.size() == 60 && late > 5, mixed.output());
        world.relink("a", LinkSpec.PERFECT);
        String quick = ping(a, "-4", "-c3", "-i0.2", "-Mdo", "-s1472", "s1");
        assertTrue(received(quick) == 3 && least(quick) < 50, quick);
        assertEquals(before, flow.seen());
        assertTrue(server.alive());
      }
      IllegalArgumentException refusal =
          assertThrows(
              IllegalArgumentException.class, () -> world.relink("a", LinkSpec.parse("mtu:1000")));
      assertTrue(String.valueOf(refusal.getMessage()).contains("1280"));
    }
  }
}
