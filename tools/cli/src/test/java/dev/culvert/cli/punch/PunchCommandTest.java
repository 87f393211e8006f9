package dev.culvert.cli.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.cli.server.LoopbackServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two command lines on the loopback that pass each other files. */
class PunchCommandTest {
  @TempDir Path folder;

  private Run run(LoopbackServer server, String in, String out, String... more) {
    List<String> line = new ArrayList<>(List.of("-o", "json", "punch", "--address=127.0.0.1"));
    line.addAll(List.of("--stun=" + server.address(), "--count=3", "--wait=2m"));
    line.addAll(List.of("--in=" + folder.resolve(in), "--out=" + folder.resolve(out)));
    line.addAll(List.of(more));
    return Run.of(line.toArray(new String[0]));
  }

  @Test
  void twoGetAPathAndTheProgramGetsItBare() throws Exception {
    Path told = folder.resolve("told");
    String script = "env | grep ^CULVERT_ > " + told + "; exit 7";
    try (LoopbackServer server = new LoopbackServer(LoopbackServer.Manner.PLAIN)) {
      CompletableFuture<Run> answer =
          CompletableFuture.supplyAsync(
              () -> run(server, "asked", "answered", "--answer", "--start-in=1s"));
      Run asks = run(server, "answered", "asked", "--", "sh", "-c", script);
      Run answers = answer.join();
      assertEquals(0, answers.exitCode(), answers.err());
      assertEquals(7, asks.exitCode(), asks.err());
      Map<String, String> fields = JsonFields.read(answers.out());
      assertEquals("culvert.punch/1", fields.get("schema"));
      assertEquals("opened", fields.get("outcome"));
      assertNotEquals("0", fields.get("back"), answers.out());
      assertEquals("", asks.out(), "standard output is the program's");
      assertTrue(asks.err().contains("culvert.punch/1"), asks.err());
      Map<String, String> environment =
          Files.readAllLines(told).stream()
              .map(line -> line.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
      assertEquals("127.0.0.1", environment.get("CULVERT_LOCAL_ADDRESS"));
      assertEquals("127.0.0.1", environment.get("CULVERT_REMOTE_ADDRESS"));
      assertEquals(fields.get("local"), "127.0.0.1:" + environment.get("CULVERT_REMOTE_PORT"));
      assertEquals(fields.get("remote"), "127.0.0.1:" + environment.get("CULVERT_LOCAL_PORT"));
    }
  }

  @Test
  void aServerThatIsSilentIsNoNetwork() throws Exception {
    try (LoopbackServer server = new LoopbackServer(LoopbackServer.Manner.SILENT)) {
      Run run = run(server, "answered", "asked");
      assertEquals(6, run.exitCode(), run.err());
      assertEquals("no-server", JsonFields.read(run.out()).get("cause"));
      assertFalse(Files.exists(folder.resolve("asked")));
    }
  }

  @Test
  void whatIsNoLineOfTheOtherSideIsRefusedInOneLine() throws Exception {
    Files.writeString(folder.resolve("asked"), "culvertpunch1002zz");
    assertFault("--answer --in " + folder.resolve("asked"), "the line is damaged or cut off");
    Files.writeString(folder.resolve("asked"), "culvertice1002zz");
    assertFault(
        "--answer --in " + folder.resolve("asked"),
        "that is no line of 'culvert punch'; one begins with culvertpunch1");
  }

  @Test
  void nobodyWritesTheFile() {
    Run run = Run.of(line("--answer --wait 200ms --in " + folder.resolve("asked")));
    assertEquals(8, run.exitCode());
    assertTrue(run.err().contains("in time; --wait gives more time"), run.err());
  }

  @Test
  void faultsAreOneLineWithTheMend() {
    assertFault("--count 0", "--count 0 is out of range; give 1 to 10000");
    assertFault("--wait 2h", "--wait is too long; give at most 1h");
    assertFault("--start-in 5s", "--start-in is the answering side's; give it with --answer");
    assertFault("--answer --start-in 11m", "--start-in is too long; give at most 10m");
    assertFault("--redact", "--redact would spoil the line; write it to a file with --out FILE");
    assertFault("--stun stuns:example.org", "is for TLS, but what a NAT does is asked over UDP");
    assertFault("--anser", "did you mean '--answer'?");
  }

  private static String[] line(String options) {
    return ("punch -q --address 127.0.0.1 " + options).split(" ", -1);
  }

  private static void assertFault(String options, String words) {
    Run run = Run.of(line(options));
    assertEquals(2, run.exitCode(), options + run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
