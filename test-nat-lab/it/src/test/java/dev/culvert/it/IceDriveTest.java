package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.LabSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code culvert ice drive} as another program has it: a process, its input and its output. */
@Timeout(180)
class IceDriveTest {

  @Test
  void twoProcessesConnectWithAndWithoutRelayAndEndWithTheirInput() throws Exception {
    LabSpec spec = LabSpec.builder().server("relay", 1).home("a", "prc").home("b", "prc").build();
    try (Lab lab = Lab.up(spec);
        RelayUnderTest relay = RelayUnderTest.on(lab.host("relay"))) {
      List<String> options =
          List.of(
              "-4",
              "--stun=" + relay.ipv4(),
              "--turn=turn:" + relay.ipv4(),
              "--user=" + RelayUnderTest.USER + ":" + RelayUnderTest.PASSWORD);
      try (DrivenPeer a = DrivenPeer.on(lab.host("a"), options);
          DrivenPeer b = DrivenPeer.on(lab.host("b"), options)) {
        assertEquals("culvert.ice-drive/1", a.awaitReady().field("schema"));
        assertEquals("[\"192.168.2.2\"]", b.awaitReady().field("addresses"));
        for (String policy : List.of("direct-only", "relay-only")) {
          DrivenConnection one = a.open(policy, "controlling", "policy", policy);
          DrivenConnection other = b.open(policy, "controlled", "policy", policy);
          Signalling.between(one, other);
          for (DrivenConnection each : List.of(one, other)) {
            DrivenEvent path =
                each.await(
                    0,
                    "selected path",
                    Limits.PROMPT,
                    its -> its.name().equals("path") && its.field("selected").equals("true"));
            assertEquals(policy.equals("relay-only"), path.isRelayed(), each.story());
          }
          one.send("to".getBytes(StandardCharsets.UTF_8));
          other.send("fro".getBytes(StandardCharsets.UTF_8));
          assertEquals("to", heard(other));
          assertEquals("fro", heard(one));
        }
        for (DrivenPeer each : List.of(a, b)) {
          each.order("{\"do\":\"quit\"}");
          assertTrue(each.process().waitFor(60, TimeUnit.SECONDS), each.notes()::toString);
          assertEquals(0, each.process().exitValue());
        }
        assertEquals(List.of(List.of(), List.of()), List.of(a.notes(), b.notes()));
      }
    }
  }

  private static String heard(DrivenConnection connection) throws Exception {
    return new String(connection.await("received", Limits.PROMPT).data(), StandardCharsets.UTF_8);
  }
}
