package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.sansio.IpLiterals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What some NATs do otherwise than most, proven by programs that know nothing of it. */
class OptionsTest {
  private static final String EI = "Endpoint Independent";

  private static Set<String> outside(Lab lab, String router) {
    return lab.host(router).ipv4().stream()
        .map(address -> IpLiterals.format(address, false))
        .collect(Collectors.toSet());
  }

  @Test
  void aPairedPoolGivesEachHostOneOfItsAddresses() throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "eim/apdf/preserving+addresses=2")
            .home("b", "same:a")
            .home("c", "same:a")
            .home("d", "same:a")
            .build();
    try (LabFixture lab = LabFixture.up(spec);
        LabProcess server = Echo.serve(lab.host("s2"))) {
      Set<String> used = new HashSet<>();
      Set<List<String>> endpoints = new HashSet<>();
      for (String host : List.of("a", "b", "c", "d")) {
        Set<String> its = new HashSet<>();
        for (int port = 5001; port <= 5003; port++) {
          try (Echo flow = Echo.from(lab.host(host), port, "s2")) {
            List<String> seen = flow.seen();
            its.add(seen.get(0));
            assertTrue(endpoints.add(seen), seen + " belongs to two");
          }
        }
        assertEquals(1, its.size(), host + " has " + its);
        used.addAll(its);
        NatDiscovery found = NatDiscovery.run(lab.host(host), lab.ipv4("s1"), "-m", "-f");
        assertEquals(Optional.of(EI), found.mapping(), found.output());
        assertEquals(Optional.of("Address and Port Dependent"), found.filtering(), found.output());
      }
      assertEquals(outside(lab.lab(), "a-nat"), used);
      assertTrue(server.alive());
    }
  }

  @Test
  void anArbitraryPoolGivesEachMappingOneOfItsAddresses() throws Exception {
    LabSpec spec =
        LabSpec.builder().home("a", "eim/adf/random+addresses=4+pooling=arbitrary").build();
    try (LabFixture lab = LabFixture.up(spec);
        LabProcess server = Echo.serve(lab.host("s1"));
        LabProcess other = Echo.serve(lab.host("s2"))) {
      Set<String> used = new HashSet<>();
      for (int port = 5001; port <= 5012; port++) {
        List<String> seen;
        try (Echo flow = Echo.from(lab.host("a"), port, "s1")) {
          seen = flow.seen();
        }
        used.add(seen.get(0));
        try (Echo flow = Echo.from(lab.host("a"), port, "s2")) {
          assertEquals(seen, flow.seen(), "a mapping stays at its address");
        }
      }
      // All twelve at one address: once in four million runs.
      assertTrue(used.size() > 1, used.toString());
      assertTrue(outside(lab.lab(), "a-nat").containsAll(used), used.toString());
      NatDiscovery found = NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m", "-f");
      assertEquals(Optional.of(EI), found.mapping(), found.output());
      assertEquals(Optional.of("Address Dependent"), found.filtering(), found.output());
      assertTrue(server.alive() && other.alive());
    }
  }

  @Test
  void neighboursTakePortsToo() throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "eim/apdf/sequential+neighbours=100/s")
            .home("b", "eim/apdf/sequential")
            .build();
    try (KernelWorld world = KernelWorld.up(spec);
        LabProcess server = Echo.serve(world.lab().host("s1"))) {
      List<Integer> taken = new ArrayList<>();
      for (String host : List.of("a", "b")) {
        int first = port(world, host, 5001);
        world.pass(Duration.ofSeconds(1));
        taken.add(port(world, host, 5002) - first);
      }
      // After the last port comes the first again.
      assertTrue(Math.floorMod(taken.get(0), 2000) > 90, taken.toString());
      assertEquals(1, Math.floorMod(taken.get(1), 2000));
      world.reboot("a-nat");
      int first = port(world, "a", 5001);
      world.pass(Duration.ofSeconds(1));
      assertTrue(
          Math.floorMod(port(world, "a", 5002) - first, 2000) > 90,
          "they are there after a restart, too");
      assertTrue(server.alive());
    }
  }

  private static int port(KernelWorld world, String host, int from) throws Exception {
    try (Echo flow = Echo.from(world.lab().host(host), from, "s1")) {
      return Integer.parseInt(flow.seen().get(1));
    }
  }

  @Test
  void packetsFromOutsideKeepAMappingAliveWhereTheyMay() throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "eim/apdf/random+timeout=5s+refresh=both")
            .home("b", "eim/apdf/random+timeout=5s")
            .build();
    try (Lab lab = Lab.up(spec)) {
      LabHost s1 = lab.host("s1");
      List<LabProcess> servers = new ArrayList<>();
      List<LabProcess> clients = new ArrayList<>();
      for (String host : List.of("a", "b")) {
        int port = host.equals("a") ? 7001 : 7002;
        servers.add(s1.start("socat", "-", "UDP4-LISTEN:" + port));
        Eventually.until(
            "socat listens",
            Limits.PROMPT,
            () -> s1.run(Limits.PROMPT, "ss", "-lunH").output().contains(":" + port));
        LabProcess client = lab.host(host).start("socat", "-", "UDP4:s1:" + port);
        clients.add(client);
        say(client, "hello");
        servers.get(servers.size() - 1).await(said -> said.contains("hello"), Limits.PROMPT);
      }
      // A second apart where the machine is idle; the one that is to last must not wait for five.
      for (int i = 1; i <= 8; i++) {
        for (LabProcess server : servers) {
          say(server, "again " + i);
        }
        Duration pause = Duration.ofSeconds(1);
        assertEquals(0, s1.run(Limits.PROMPT, "sleep", "" + pause.toSeconds()).exitCode());
      }
      clients.get(0).await(said -> said.contains("again 8"), Limits.PROMPT);
      assertFalse(clients.get(1).output().contains("again 8"), clients.get(1).output());
    }
  }

  private static void say(LabProcess process, String line) throws Exception {
    process.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.input().flush();
  }

  @Test
  void fragmentsErrorsAndTcpMayBeTreatedBadly() throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .home("a", "prc+fragments=drop+blackhole+syn=rst+established=300s")
            .home("b", "prc")
            .link("s2", LinkSpec.parse("mtu:1300"))
            .build();
    try (Lab lab = Lab.up(spec)) {
      LabHost a = lab.host("a");
      LabHost b = lab.host("b");
      assertEquals(0, a.run(Limits.PROMPT, "ping", "-4", "-c1", "-s1000", "s1").exitCode());
      assertEquals(1, a.run(Limits.PROMPT, "ping", "-4", "-c1", "-W1", "-s3000", "s1").exitCode());
      assertEquals(0, b.run(Limits.PROMPT, "ping", "-4", "-c1", "-s3000", "s1").exitCode());

      for (String family : List.of("-4", "-6")) {
        String[] ping = {"ping", family, "-c1", "-W1", "-Mdo", "-s1400", "s2"};
        String hole = a.run(Limits.PROMPT, ping).output();
        assertTrue(hole.contains(" 0 received") && !hole.contains("error"), hole);
        String told = b.run(Limits.PROMPT, ping).output();
        assertTrue(told.contains("+1 errors") && told.contains("mtu"), told);
      }

      String connect = "socat - TCP4:$1:80,connect-timeout=2 2>&1 </dev/null";
      LabHost s1 = lab.host("s1");
      String reset = s1.run(Limits.PROMPT, "sh", "-c", connect, "sh", "a-nat").output();
      assertTrue(reset.contains("refused"), reset);
      String silence = s1.run(Limits.PROMPT, "sh", "-c", connect, "sh", "b-nat").output();
      assertTrue(silence.contains("timed out"), silence);

      try (LabProcess server = s1.start("socat", "TCP4-LISTEN:7000", "PIPE")) {
        Eventually.until(
            "socat listens",
            Limits.PROMPT,
            () -> s1.run(Limits.PROMPT, "ss", "-ltnH").output().contains(":7000"));
        LabProcess client = a.start("socat", "-", "TCP4:s1:7000");
        say(client, "hello");
        client.await(said -> said.contains("hello"), Limits.PROMPT);
        String flows = lab.host("a-nat").run(Limits.PROMPT, "conntrack", "-L", "-ptcp").output();
        int left =
            Integer.parseInt(flows.replaceFirst("(?s).*tcp +6 ([0-9]+) ESTABLISHED.*", "$1"));
        assertTrue(left > 200 && left <= 300, flows);
        assertTrue(server.alive());
      }
    }
  }
}
