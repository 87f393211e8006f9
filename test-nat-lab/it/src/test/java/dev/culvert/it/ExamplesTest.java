package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the READMEs of tools/examples say, between hosts behind NATs. */
@Timeout(900)
class ExamplesTest {
  private static final String INVITE = "culvert://";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  // What the next method brings up.
  @SuppressWarnings("NullAway.Init")
  private Lab lab;

  @BeforeEach
  void up() throws Exception {
    lab =
        Lab.up(
            LabSpec.builder()
                .server("n", 2)
                .home("a", "prc+ipv6=none")
                .home("b", "prc+ipv6=none")
                .home("c", "sym+ipv6=none")
                .home("o", "open")
                .build());
    open.add(lab);
  }

  @AfterEach
  void down() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private String node() throws Exception {
    NodeUnderTest node = NodeUnderTest.on(lab.host("n"), folder);
    open.add(node);
    return node.known();
  }

  private LabProcess start(
      ExampleReadme readme, int command, String host, Map<String, String> variables)
      throws Exception {
    LabProcess process = readme.start(command, lab.host(host), variables);
    open.add(process);
    return process;
  }

  /** The first line that begins like that. */
  private static String line(LabProcess process, String beginning) throws Exception {
    return process
        .await(its -> its.lines().anyMatch(each -> each.startsWith(beginning)), Limits.SLOW)
        .lines()
        .filter(each -> each.startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSays(LabProcess process, String words) throws Exception {
    assertEquals(0, process.awaitExit(Limits.SLOW), process.output());
    assertTrue(process.lines().contains(words), process.output());
  }

  @Test
  void everyExampleIsRun() {
    assertEquals(
        Set.of("echo", "send-file", "bare-socket", "embedded-node", "swarm"), ExampleReadme.all());
  }

  @Test
  void echo() throws Exception {
    ExampleReadme readme = ExampleReadme.of("echo");
    assertEquals(2, readme.count());
    LabProcess server = start(readme, 0, "a", Map.of("NODE", node()));
    Map<String, String> invited = Map.of("INVITE", line(server, INVITE));
    // Several, of whom one has a NAT that no other reaches.
    LabProcess near = start(readme, 1, "b", invited);
    LabProcess far = start(readme, 1, "c", invited);
    assertSays(near, "hello out there");
    assertSays(far, "hello out there");
  }

  @Test
  void sendFile() throws Exception {
    ExampleReadme readme = ExampleReadme.of("send-file");
    assertEquals(2, readme.count());
    Path inbox = Files.createDirectory(folder.resolve("inbox"));
    byte[] content = new byte[3 << 20];
    new Random(1).nextBytes(content);
    Path file = Files.write(folder.resolve("some file.bin"), content);
    LabProcess receiver = start(readme, 0, "a", Map.of("FOLDER", inbox.toString(), "NODE", node()));
    Map<String, String> task = Map.of("INVITE", line(receiver, INVITE), "FILE", file.toString());
    LabProcess sender = start(readme, 1, "b", task);
    assertEquals(0, sender.awaitExit(Limits.SLOW), sender.output());
    assertTrue(sender.output().contains("sent " + file + " to "), sender.output());
    assertEquals(-1, Files.mismatch(file, inbox.resolve("some file.bin")));
    // Once more: the file that is there stays.
    LabProcess again = start(readme, 1, "b", task);
    assertEquals(1, again.awaitExit(Limits.SLOW), again.output());
    // It cuts the stream off first, and says so then.
    receiver.await(its -> its.contains("there is such a file already"), Limits.SLOW);
    try (Stream<Path> left = Files.list(inbox)) {
      assertEquals(List.of("some file.bin"), left.map(it -> it.getFileName().toString()).toList());
    }
  }

  @Test
  void bareSocket() throws Exception {
    ExampleReadme readme = ExampleReadme.of("bare-socket");
    assertEquals(2, readme.count());
    LabProcess server = start(readme, 0, "a", Map.of("NODE", node()));
    LabProcess client = start(readme, 1, "c", Map.of("INVITE", line(server, INVITE)));
    assertSays(client, "is this UDP?");
  }

  @Test
  void embeddedNode() throws Exception {
    ExampleReadme readme = ExampleReadme.of("embedded-node");
    assertEquals(2, readme.count());
    String ip = IpLiterals.format(lab.host("o").ipv4().get(0), false);
    Map<String, String> task = Map.of("IP", ip, "KEYFILE", folder.resolve("key").toString());
    LabProcess service = start(readme, 0, "o", task);
    String node = line(service, "wss://");
    assertSays(start(readme, 1, "c", Map.of("NODE", node)), "hello somebody behind a NAT");
    // Others meet there, too, and it is the same node after a restart.
    service.close();
    LabProcess restarted = start(readme, 0, "o", task);
    assertEquals(node, line(restarted, "wss://"));
    ExampleReadme echo = ExampleReadme.of("echo");
    LabProcess server = start(echo, 0, "a", Map.of("NODE", node));
    LabProcess client = start(echo, 1, "c", Map.of("INVITE", line(server, INVITE)));
    assertSays(client, "hello out there");
  }
}
