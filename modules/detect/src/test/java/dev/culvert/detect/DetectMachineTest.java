package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.VirtualServer.Kind;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DetectMachineTest {
  private static final String A1 = "203.0.113.1";
  private static final String A2 = "203.0.113.2";

  @Test
  void namesAPortRestrictedNat() {
    VirtualRun run =
        new VirtualRun(1)
            .server(Kind.HONEST, A1, A2)
            .nat(
                NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT)
                    .ports(PortRule.sequential(1)));
    NatReport report = run.run();
    PathReport path = report.path(IpFamily.IPV4).orElseThrow();
    assertEquals(Finding.known(Behaviour.ENDPOINT_INDEPENDENT), path.mapping());
    assertEquals(Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT), path.filtering());
    assertTrue(report.elapsed().compareTo(Duration.ofMillis(700)) < 0);
  }
}
