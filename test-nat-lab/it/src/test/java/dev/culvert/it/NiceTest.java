package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two libnice agents behind symmetric NATs, forced to relay, find each other through our node and
 * get all of each other's data. libnice's third transport, TURN_TLS, is no TLS but the imitation of
 * it that some old servers want, so it is not here.
 */
class NiceTest {
  @TempDir static Path folder;
  private static Path program;
  private static Lab lab;
  private static RelayUnderTest relay;

  @BeforeAll
  static void startTheLab() throws Exception {
    program = NiceAgent.build(folder);
    lab = Lab.up(LabSpec.builder().server("relay", 1).home("a", "sym").home("b", "sym").build());
    relay = RelayUnderTest.on(lab.host("relay"));
  }

  @AfterAll
  static void endTheLab() throws LabException {
    assertTrue(relay.alive(), relay.output());
    lab.close();
  }

  @ParameterizedTest
  @CsvSource({"udp, udp", "tcp, tcp", "udp, tcp"})
  void twoAgentsTalkThroughTheRelayAlone(String first, String second) throws Exception {
    try (NiceAgent a = agent("a", first, "controlling");
        NiceAgent b = agent("b", second, "controlled");
        Courier courier = Courier.between(a, b)) {
      courier.begin();
      for (NiceAgent agent : List.of(a, b)) {
        agent.await(0, "state ready");
        agent.flow();
      }
      for (NiceAgent agent : List.of(a, b)) {
        agent.awaitFlow(0);
        // One candidate each, and it is the relay's.
        List<String> told = agent.all("candidate ");
        assertEquals(1, told.size(), agent::toString);
        assertTrue(told.get(0).contains(" " + relay.ipv4() + " "), agent::toString);
        assertTrue(told.get(0).contains(" typ relay "), agent::toString);
        for (String selected : agent.all("selected ")) {
          String[] words = selected.split(" ", -1);
          // The partner may be known before its candidate is.
          assertEquals("relay", words[1], selected);
          assertTrue(Set.of("relay", "prflx").contains(words[3]), selected);
        }
      }
    }
  }

  private static NiceAgent agent(String host, String transport, String role) throws Exception {
    String server = relay.ipv4() + "," + RelayUnderTest.PORT;
    String user = RelayUnderTest.USER + "," + RelayUnderTest.PASSWORD;
    return NiceAgent.on(
        lab.host(host),
        program,
        List.of("relay=" + server + "," + user + "," + transport, "only=relay", "role=" + role));
  }
}
