package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.VirtualServer.Kind;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
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

  /** Whichever socket is missing: what is told is right, or unknown with that for a reason. */
  @Test
  void saysWhenASocketForATestDoesNotOpen() {
    int told = 0;
    for (int nth = 0; nth < 16; nth++) {
      NatReport report =
          new VirtualRun(1)
              .server(Kind.HONEST, A1, A2)
              .nat(NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ADDRESS_AND_PORT))
              .withoutSocket(nth)
              .run();
      PathReport path = report.path(IpFamily.IPV4).orElseThrow();
      if (path.filtering().value().isPresent()) {
        assertEquals(Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT), path.filtering());
      } else {
        assertEquals(
            Optional.of("a socket for the test did not open: too many open files"),
            path.filtering().reason());
        assertTrue(report.elapsed().compareTo(Duration.ofSeconds(2)) < 0, "socket " + nth);
        told++;
      }
    }
    assertEquals(4, told);
  }

  /** A machine too busy to open a socket in time is no machine without a network. */
  @Test
  void doesNotTakeWaitingForASocketForNoNetwork() {
    DetectMachine machine =
        new DetectMachine(DetectConfig.of(List.of(DetectServer.of(A1, 3478))), new Random(1));
    MonotonicTime start = new MonotonicTime(0);
    machine.advance(start);
    machine.advance(start.plus(Duration.ofSeconds(4)));
    NatReport report =
        Stream.generate(machine::pollEvent)
            .takeWhile(Optional::isPresent)
            .flatMap(Optional::stream)
            .filter(DetectEvent.Finished.class::isInstance)
            .map(event -> ((DetectEvent.Finished) event).report())
            .findFirst()
            .orElseThrow();
    assertTrue(report.hasNetwork(), report.toString());
    assertEquals(Verdict.Grade.INCONCLUSIVE, Verdict.of(report).grade());
  }
}
