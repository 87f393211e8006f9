package dev.culvert.detect;

import static dev.culvert.natsim.Dependence.ADDRESS_AND_PORT;
import static dev.culvert.natsim.Dependence.ENDPOINT_INDEPENDENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.VirtualServer.Kind;
import dev.culvert.natsim.FirewallBehaviour;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tests that take minutes, in virtual time. */
class DetectSlowTest {
  private static final String A1 = "203.0.113.1";
  private static final String A2 = "203.0.113.2";
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final NatBehaviour USUAL = NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT);

  @Test
  void lifetimesAreMeasuredWithATenthOfPrecision() {
    int ran = 0;
    for (int seconds : List.of(4, 5, 17, 30, 60, 120, 200)) {
      for (NatBehaviour nat :
          List.of(
              USUAL,
              USUAL.ports(PortRule.preserving()),
              NatBehaviour.of(ADDRESS_AND_PORT, ADDRESS_AND_PORT).filteringPerMapping())) {
        for (double loss : new double[] {0, 0.2}) {
          Duration life = Duration.ofSeconds(seconds);
          VirtualRun run =
              slow(seconds, Kind.HONEST).nat(nat.timeout(life, ran % 2 == 0)).losing(loss);
          PathReport path = ipv4(run.run());
          String what = nat + " " + seconds + " s, loss " + loss + ": " + path;
          path.lifetime().value().ifPresent(found -> assertTrue(found.compareTo(life) <= 0, what));
          if (loss == 0) {
            double found = path.lifetime().value().orElseThrow().toMillis() / 1000.0;
            assertTrue(found >= seconds * 0.85 - 0.5, what);
            assertTrue(path.outlivesTest().is(false), what);
          }
          ran++;
        }
      }
    }
    assertEquals(42, ran);
  }

  @Test
  void mappingsThatOutliveTheTestAreSaidTo() {
    PathReport path =
        ipv4(slow(1, Kind.HONEST).nat(USUAL.timeout(Duration.ofMinutes(9), false)).run());
    assertTrue(path.lifetime().is(LONGEST), path.toString());
    assertTrue(path.outlivesTest().is(true), path.toString());
  }

  @Test
  void withoutResponsePortNewPortsTellDeadMappings() {
    Duration life = Duration.ofSeconds(30);
    NatBehaviour nat = USUAL.timeout(life, false);
    PathReport random = ipv4(slow(1, Kind.WITHOUT_RESPONSE_PORT).nat(nat).run());
    long found = random.lifetime().value().orElseThrow().toSeconds();
    assertTrue(found >= 27 && found <= 30, random.toString());
    PathReport preserving =
        ipv4(slow(1, Kind.WITHOUT_RESPONSE_PORT).nat(nat.ports(PortRule.preserving())).run());
    assertTrue(preserving.lifetime().reason().isPresent(), preserving.toString());
  }

  @Test
  void firewallsForgetToo() {
    FirewallBehaviour wall = FirewallBehaviour.of(ADDRESS_AND_PORT);
    PathReport path = ipv4(slow(1, Kind.HONEST).firewall(wall).run());
    long found = path.lifetime().value().orElseThrow().toSeconds();
    assertTrue(found >= 110 && found <= 120, path.toString());
  }

  @Test
  void whereNothingIsRememberedNothingExpires() {
    PathReport path = ipv4(slow(1, Kind.HONEST).run());
    assertEquals(Finding.notMeasured(), path.lifetime());
  }

  @Test
  void theOutermostFilterIsLocated() {
    NatBehaviour carrier = NatBehaviour.of(ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT);
    PathReport path =
        ipv4(
            slow(1, Kind.HONEST)
                .settings(config -> config.withSlowTests(Duration.ofSeconds(5)))
                .nat(carrier)
                .nat(USUAL, "100.64.0.2")
                .run());
    assertTrue(path.layers().reason().orElseThrow().contains("2 hops away"), path.toString());
    PathReport near =
        ipv4(
            slow(1, Kind.HONEST)
                .settings(config -> config.withSlowTests(Duration.ofSeconds(5)))
                .nat(USUAL)
                .run());
    assertTrue(!near.layers().reason().orElseThrow().contains("hops"), near.toString());
  }

  private static VirtualRun slow(long seed, Kind kind) {
    return new VirtualRun(seed)
        .server(kind, A1, A2)
        .settings(config -> config.withSlowTests(LONGEST));
  }

  private static PathReport ipv4(NatReport report) {
    return report.path(IpFamily.IPV4).orElseThrow();
  }
}
