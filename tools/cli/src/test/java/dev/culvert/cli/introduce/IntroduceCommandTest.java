package dev.culvert.cli.introduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.Listen;
import dev.culvert.transport.Listening;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketTerms;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntroduceCommandTest {
  @TempDir Path folder;
  private final NetworkRuntime runtime = NetworkRuntime.builder().threads(1).build();
  private final List<Thread> threads = new ArrayList<>();
  private String node = "";

  @BeforeEach
  void start() {
    PeerKey key = PeerKey.generate(new Random(1));
    RendezvousNode machine =
        new RendezvousNode(
            NodeConfig.standard(),
            key,
            Bytes.wrap(new byte[32]),
            new Random(2),
            InstantSource.system());
    Listening listening =
        runtime
            .drive(machine, event -> {})
            .listen(
                Listen.webSocketInClear(
                    new TransportAddress(InetAddress.getLoopbackAddress(), 0),
                    WebSocketTerms.of(Set.of("/"), "rdv.v1.json")))
            .join();
    node = "ws://127.0.0.1:" + listening.local().port() + "/~" + key.id();
  }

  @AfterEach
  void stop() throws InterruptedException {
    runtime.close();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private Map<String, String> as(String name) {
    return Map.of("CULVERT_KEY", folder.resolve(name + ".key").toString());
  }

  private String key(String name) throws Exception {
    Run made = Run.in(as(name), false, "-o", "json", "id", "new");
    assertEquals(0, made.exitCode(), made.err());
    return Optional.ofNullable(JsonFields.read(made.out()).get("id")).orElseThrow();
  }

  /** Makes a code in a thread of its own. */
  private final class Host {
    final CompletableFuture<String> code = new CompletableFuture<>();
    final CompletableFuture<Run> end = new CompletableFuture<>();

    Host(String name, String... more) {
      List<String> line = new ArrayList<>(List.of("introduce", "--node", node, "--name", name));
      line.addAll(List.of(more));
      Thread thread =
          new Thread(
              () ->
                  end.complete(
                      Run.watched(
                          as(name),
                          text ->
                              text.lines()
                                  .filter(each -> each.startsWith("code "))
                                  .forEach(each -> code.complete(each.substring(5).strip())),
                          line.toArray(String[]::new))),
              "host");
      threads.add(thread);
      thread.start();
    }

    /** The code; fails if it ended without one. */
    String code() {
      CompletableFuture.anyOf(code, end).join();
      assertTrue(code.isDone(), () -> end.join().err());
      return code.join();
    }
  }

  @Test
  void twoGetToKnowEachOther() throws Exception {
    String alice = key("Alice");
    String bob = key("Bob");
    Path contacts = Files.writeString(folder.resolve("contacts"), "somebody\t-\n" + bob + "\told");
    Host host = new Host("Alice", "--contacts", contacts.toString());
    String spoken = host.code().replace('-', ' ').toUpperCase(Locale.ROOT);
    Run guest = Run.in(as("Bob"), false, "-o", "json", "introduce", spoken, "--node", node);
    assertEquals(0, guest.exitCode(), guest.err());
    assertEquals(alice, JsonFields.read(guest.out()).get("peer"));
    assertEquals("Alice", JsonFields.read(guest.out()).get("name"));
    Run made = host.end.join();
    assertEquals(0, made.exitCode(), made.err());
    assertTrue(made.out().contains("peer    " + bob), made.out());
    assertEquals(List.of("somebody\t-", bob + "\t-"), Files.readAllLines(contacts));
  }

  @Test
  void wrongWordsAndNumbersAreToldWithTheirExitCodes() throws Exception {
    key("Alice");
    key("Bob");
    Host host = new Host("Alice");
    String code = host.code();
    String wrong = code.startsWith("zoo", 5) ? "zero" : "zoo";
    String number = code.substring(0, 4);
    for (int i = 0; i < 3; i++) {
      Run guest =
          Run.in(as("Bob"), false, "introduce", number + "-" + wrong + "-zoo", "--node", node);
      assertEquals(7, guest.exitCode(), guest.err());
      assertTrue(guest.err().contains("the words are wrong"), guest.err());
      assertEquals("", guest.out());
    }
    Run made = host.end.join();
    assertEquals(7, made.exitCode(), made.err());
    assertTrue(made.err().contains("so the code is void"), made.err());
    assertTrue(made.err().contains("guesses left: 0"), made.err());
    Run late = Run.in(as("Bob"), false, "introduce", code, "--node", node);
    assertEquals(4, late.exitCode(), late.err());
    assertTrue(late.err().contains("nobody waits under that number"), late.err());
  }

  @Test
  void aNodeThatIsNotThereIsNamed() throws Exception {
    key("Bob");
    runtime.close();
    Run guest = Run.in(as("Bob"), false, "introduce", "4821-acid-zebra", "--node", node);
    assertEquals(4, guest.exitCode(), guest.err());
    assertTrue(guest.err().contains(node), guest.err());
    assertTrue(guest.err().contains("no node can be used"), guest.err());
  }

  @ParameterizedTest
  @CsvSource({
    "nobody says where to meet, introduce",
    "a code is a number and two words, introduce 4821-acid --node NODE",
    "did you mean zebra?, introduce 4821-acid-zerba --node NODE",
    "no URL of a node, introduce --node http://node.example/",
    "there are more than 8 nodes, introduce --node NODE --node NODE --node NODE --node NODE --node"
        + " NODE --node NODE --node NODE --node NODE --node NODE",
    "--name is no name, introduce --node NODE --name \u202e",
    "cannot be read and written, introduce --node NODE --contacts /",
    "there is no such file, introduce --node NODE --key /nowhere/peer.key"
  })
  void whatMakesNoSenseIsRefusedInOneLine(String said, String line) {
    Run run = Run.of(line.replace("NODE", node).split(" "));
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(said), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
