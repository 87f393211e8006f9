package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * ice4j relays through our node, and one that asks for a refused permission as fast as it can, as
 * ice4j does, takes it away from nobody else.
 */
class Ice4jTest {
  /** ice4j takes its time to load. */
  private static final java.time.Duration LIMIT = Limits.SLOW;

  private static Lab lab;
  private static RelayUnderTest relay;

  @BeforeAll
  static void startTheLab() throws Exception {
    lab =
        Lab.up(
            LabSpec.builder()
                .server("relay", 1)
                .home("a", "sym")
                .home("b", "sym")
                .home("c", "prc")
                .build());
    relay = RelayUnderTest.on(lab.host("relay"));
  }

  @AfterAll
  static void endTheLab() throws LabException {
    assertTrue(relay.alive(), relay.output());
    lab.close();
  }

  @Test
  void twoAgentsTalkThroughTheRelayWhileAnotherStormsIt() throws Exception {
    try (LabProcess storm = agent("c", "storm", "10.0.0.1")) {
      storm.await(output -> output.contains("storming\n"), LIMIT);
      long before = sentPackets("c");
      talk();
      Eventually.until("ice4j asks again and again", LIMIT, () -> sentPackets("c") - before > 1000);
      assertTrue(storm.alive(), storm.output());
      // And once more while it certainly storms.
      talk();
    }
  }

  private static void talk() throws Exception {
    try (LabProcess a = agent("a", "controlling");
        LabProcess b = agent("b", "controlled")) {
      List<String> described = description(a);
      tell(a, description(b));
      tell(b, described);
      for (LabProcess agent : List.of(a, b)) {
        String told = agent.await(output -> output.contains("received "), LIMIT);
        assertTrue(told.contains("selected relay relay\n"), told);
        String all = "received " + Ice4jProgram.DATAGRAMS + " wrong 0\n";
        assertTrue(told.contains(all), told);
      }
    }
  }

  private static LabProcess agent(String host, String... role) throws LabException {
    List<String> options =
        new ArrayList<>(List.of(relay.ipv4(), String.valueOf(RelayUnderTest.PORT)));
    options.addAll(List.of(RelayUnderTest.USER, RelayUnderTest.PASSWORD));
    options.addAll(List.of(role));
    List<String> words =
        new ArrayList<>(ChildJvm.java(Ice4jProgram.class, options.toArray(new String[0])));
    words.add(1, "-Dice4j.harvest.mapping.aws.enabled=false");
    return lab.host(host).start(words);
  }

  private static List<String> description(LabProcess agent) throws LabException {
    return agent
        .await(output -> output.contains("gathered\n"), LIMIT)
        .lines()
        .filter(line -> line.matches("(credentials |relayed |gathered).*"))
        .toList();
  }

  private static void tell(LabProcess agent, List<String> description) throws IOException {
    String text = String.join("\n", description) + "\n";
    agent.input().write(text.getBytes(StandardCharsets.UTF_8));
    agent.input().flush();
  }

  /** By all interfaces of a host. */
  private static long sentPackets(String host) throws Exception {
    return lab.host(host).run(LIMIT, "cat", "/proc/net/dev").lines().stream()
        .filter(line -> line.contains(":"))
        .mapToLong(
            line -> Long.parseLong(line.replaceFirst(".*:", "").strip().split("\\s+", -1)[9]))
        .sum();
  }
}
