package dev.culvert.cli.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import dev.culvert.cli.server.LoopbackServer.Manner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServersCheckCommandTest {

  @Test
  void vetsAListFromAFile(@TempDir Path folder) throws IOException {
    try (LoopbackServer honest = new LoopbackServer(Manner.HONEST);
        LoopbackServer liar = new LoopbackServer(Manner.LIAR);
        LoopbackServer silent = new LoopbackServer(Manner.SILENT)) {
      Path list = folder.resolve("list");
      Files.write(
          list,
          List.of(
              "# a list",
              honest.address().toString(),
              "",
              "stun:" + liar.address() + "   # not to be trusted",
              silent.address().toString()));
      Run run = Run.of("servers", "check", list.toString(), "--deadline=8s");
      assertEquals(8, run.exitCode(), run.err());
      List<String> lines = run.out().lines().toList();
      assertEquals(3, lines.size(), run.out());
      assertTrue(lines.get(0).contains("RFC 5780: yes"), run.out());
      assertTrue(lines.get(1).contains("RFC 5780: dishonest"), run.out());
      assertTrue(lines.get(2).contains("silent"), run.out());
    }
  }

  @Test
  void aDishonestServerAloneIsInconclusive() {
    try (LoopbackServer liar = new LoopbackServer(Manner.LIAR)) {
      Run run =
          Run.of("servers", "check", liar.address().toString(), "-o", "json", "--deadline=60s");
      assertEquals(5, run.exitCode(), run.out());
      assertTrue(run.out().contains("\"rfc5780\":\"dishonest\""), run.out());
      assertTrue(run.out().contains("\"reachable\":true"), run.out());
    }
  }

  @Test
  void goodServersAreFine() {
    try (LoopbackServer honest = new LoopbackServer(Manner.HONEST);
        LoopbackServer plain = new LoopbackServer(Manner.PLAIN)) {
      Run run =
          Run.of(
              "servers",
              "check",
              honest.address().toString(),
              plain.address().toString(),
              "-oyaml",
              "--deadline=60s");
      assertEquals(0, run.exitCode(), run.out());
      assertTrue(run.out().startsWith("schema: culvert.servers/1"), run.out());
    }
  }

  @Test
  void badListsGetOneLine(@TempDir Path folder) throws IOException {
    Path bad = Files.writeString(folder.resolve("bad"), "127.0.0.1\nhost:0\n");
    Path empty = Files.writeString(folder.resolve("empty"), "# nothing\n");
    for (String word :
        List.of(bad.toString(), empty.toString(), folder.resolve("missing").toString())) {
      Run run = Run.of("servers", "check", word);
      assertEquals(2, run.exitCode(), run.err());
      assertEquals(1, run.err().lines().count(), run.err());
    }
    assertTrue(Run.of("servers", "check", bad.toString()).err().contains("line 2"));
  }

  @Test
  void withoutItsCommandItTellsWhatThereIs() {
    Run run = Run.of("servers");
    assertEquals(2, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
  }
}
