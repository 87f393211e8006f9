package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a relay finds out about the NAT of the kernel that it stands behind. */
class ExternalAddressTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What each profile's relay says, after its address. */
  private static final Map<String, String> VERDICTS =
      Map.of(
          "full", "reachable once a port has sent; for peers that begin, forward UDP ports ",
          "prc", "filtered; forward UDP ports 49152-65535 of the NAT to ",
          "sym", "port not preserved; forward UDP ports 49152-65535 of the NAT to the same ",
          "open", "reachable\n");

  private static LabProcess node(LabHost host, String... more) throws Exception {
    String ip = IpLiterals.format(host.firstIpv4().orElseThrow(), false);
    List<String> words = new ArrayList<>(List.of("node", "--listen", ip));
    words.addAll(List.of(more));
    LabProcess node = host.start(ChildJvm.java(Culvert.class, words.toArray(new String[0])));
    node.await(output -> output.contains("ready stun"), LIMIT);
    return node;
  }

  private static Lab lab() throws Exception {
    var spec = LabSpec.builder().server("s", 2);
    VERDICTS.keySet().forEach(profile -> spec.home(profile, profile));
    return Lab.up(spec.build());
  }

  private static String second(LabHost host) {
    return IpLiterals.format(host.ipv4().get(1), false);
  }

  @Test
  void namesAddressAndReachBehindEveryKindOfNat() throws Exception {
    try (Lab lab = lab();
        LabProcess stun = node(lab.host("s"), "--alternate", second(lab.host("s")))) {
      String server = IpLiterals.format(lab.host("s").firstIpv4().orElseThrow(), false);
      for (Map.Entry<String, String> each : VERDICTS.entrySet()) {
        LabHost host = lab.host(each.getKey());
        try (LabProcess relay =
            node(
                host,
                "--relay",
                "--user",
                "alice:wonderland",
                "--external-ip",
                "auto",
                "--stun-server",
                server,
                // What takes its time on a busy machine is taken for filtered at first.
                "--stun-every",
                "2s")) {
          String said = relay.await(output -> output.contains(each.getValue()), LIMIT);
          String local = IpLiterals.format(host.firstIpv4().orElseThrow(), false);
          boolean translated = !each.getKey().equals("open");
          assertTrue(said.contains("external address of " + local + ": ") == translated, said);
          assertTrue(said.contains("/" + local + " ports=") == translated, said);
        }
      }
      assertTrue(stun.alive());
    }
  }
}
