package dev.culvert.ice4j.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceFailure;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.ice.text.IceDescription;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** ice4j's known defects, which the engine around it keeps in check. */
class Ice4jGuardTest {
  private static String start(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            GuardedStart.class.getName());
    builder.command().addAll(List.of(arguments));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(50, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
    return said;
  }

  @Test
  void asksNoCloudAndWantsProof() throws Exception {
    assertEquals("ice4j started, ice4j asks: false, without proof: false", start());
  }

  @Test
  void refusesToStartWhereIce4jWasLoadedWithItsProbesOn() throws Exception {
    String said = start("before");
    assertTrue(
        said.startsWith("ice4j asks: true; ice4j was loaded with its cloud probes on; "), said);
  }

  @Test
  void asksARelayThatRefusesAPeerButOnce() throws Exception {
    IceConfig relayed =
        IceConfig.standard(IceRole.CONTROLLING)
            .withPolicy(IcePolicy.RELAY_ONLY)
            .withPatience(Duration.ofSeconds(2));
    try (TestRelay relay = TestRelay.refusing();
        IceEngine engine = Kind.ICE4J.make(List.of(Net.HERE), Optional.of(relay));
        IceEngine other = Kind.ICE4J.make(List.of(Net.THERE), Optional.empty())) {
      Side side = new Side(engine, relayed);
      Side peer = new Side(other, IceConfig.standard(IceRole.CONTROLLED));
      IceDescription theirs = peer.complete();
      assertTrue(side.complete().complete());
      side.connection().remote(theirs);
      assertEquals(IceFailure.NO_ANSWER, side.awaitFailure().reason());
      assertEquals(1, relay.refusals(403));
    }
  }
}
