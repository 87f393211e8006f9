package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two command lines on the loopback that pass each other files. */
class IceMeetTest {
  @TempDir Path folder;

  private Run run(String word, String in, String out, String... more) {
    List<String> line = new ArrayList<>(List.of("-o", "json", "ice", word));
    line.addAll(List.of("--address=127.0.0.1", "--stun=none", "--count=3", "--wait=1m"));
    line.addAll(List.of("--in=" + folder.resolve(in), "--out=" + folder.resolve(out)));
    line.addAll(List.of(more));
    return Run.of(line.toArray(new String[0]));
  }

  @ParameterizedTest
  @EnumSource(DescriptionFormat.class)
  void connectWhicheverFormatTheyWrite(DescriptionFormat format) throws Exception {
    CompletableFuture<Run> answer =
        CompletableFuture.supplyAsync(() -> run("answer", "offer", "answer"));
    Run offer =
        run("offer", "answer", "offer", "--format=" + format, "--trace=" + folder.resolve("trace"));
    for (Run each : List.of(offer, answer.join())) {
      assertEquals(0, each.exitCode(), each.err());
      Map<String, String> fields = JsonFields.read(each.out());
      assertEquals("culvert.ice-meeting/1", fields.get("schema"));
      assertEquals("direct", fields.get("outcome"));
      assertEquals("3", fields.get("back"), each.out());
      assertEquals("host", fields.get("localType"));
    }
    Run story = Run.of("ice", "explain", folder.resolve("trace").toString());
    assertTrue(story.out().startsWith("✓ connected directly"), story.out());
    String description = Files.readString(folder.resolve("offer"));
    assertEquals(Paste.read(description), Paste.read(description.strip()));
  }

  @Test
  void aDamagedFileIsRefusedInOneLine() throws Exception {
    Files.writeString(folder.resolve("offer"), "culvertice1003abc");
    Run run = run("answer", "offer", "answer");
    assertEquals(2, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains("the description is damaged; copy it again"), run.err());
    assertFalse(Files.exists(folder.resolve("answer")));
  }

  @Test
  void nobodyWritesTheFile() {
    Run run =
        Run.of(
            "ice",
            "answer",
            "--address=127.0.0.1",
            "--stun=none",
            "--wait=200ms",
            "--in=" + folder.resolve("offer"));
    assertEquals(8, run.exitCode());
    assertTrue(run.err().contains("in time; --wait gives more time"), run.err());
  }

  @Test
  void faultsAreOneLineWithTheMend() {
    assertFault("--count 0", "--count 0 is out of range; give 1 to 10000");
    assertFault("--wait 2d", "--wait is too long; give at most 1d");
    assertFault("--format xml", "'xml' is none of short, json, sdp");
    assertFault("--redact", "--redact would spoil the description; write it to a file");
    assertFault(
        "--out " + folder + "/no/such", "cannot be written; name a file in a folder that is yours");
    assertFault("--trace " + folder + " --out " + folder + "/o", "--trace " + folder);
  }

  @Test
  void ice4jIsRefusedWhatItCannotDoBeforeItLoads() {
    String engine = "--ice-engine ice4j ";
    assertFault(engine + "--tcp", "ice4j does not connect over TCP; leave --tcp out, or take");
    assertFault(engine + "--mdns", "ice4j cannot hide addresses; leave --mdns out, or take");
    assertFault(engine + "--trace " + folder + "/t", "--trace follows no engine but our own");
    assertFault(
        engine + "--turn turn:127.0.0.1?transport=tcp --user a:b",
        "ice4j speaks to relays over UDP alone, not to turn:127.0.0.1");
    assertFault("--ice-engine nice", "'nice' is none of culvert, ice4j");
  }

  private static void assertFault(String options, String words) {
    String line = "ice offer -q --address 127.0.0.1 --stun none " + options;
    Run run = Run.of(line.split(" ", -1));
    assertEquals(2, run.exitCode(), options);
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
