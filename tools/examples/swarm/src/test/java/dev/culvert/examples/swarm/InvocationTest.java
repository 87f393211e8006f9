package dev.culvert.examples.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InvocationTest {
  private static final String PEER = PeerKey.generate(new Random(1)).id().toString();
  private static final String NAME = "ab".repeat(32);

  @Test
  void bothCommandsAreUnderstood() {
    String node = "wss://203.0.113.10/~" + PEER;
    Invocation share = Invocation.parse("share", "file", PEER, "--node", node, "--upload", "1000");
    assertTrue(share.name().isEmpty());
    assertEquals(PEER, share.peers().get(0).toString());
    assertEquals(List.of(node), share.nodes().stream().map(Object::toString).toList());
    assertEquals(1000, share.upload());
    Invocation fetch =
        Invocation.parse("fetch", NAME, "file", PEER, PEER, "--serve", "203.0.113.10");
    assertEquals(NAME, fetch.name().orElseThrow().hex());
    assertEquals(Path.of("file"), fetch.file());
    assertEquals(2, fetch.peers().size());
    assertEquals("203.0.113.10", fetch.serve().orElseThrow().getHostAddress());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "share | say what to share, or what to fetch, where to and of whom",
        "fetch NAME file | say what to share, or what to fetch, where to and of whom",
        "share file --node | --node needs a value",
        "share file --upload fast | --upload is a number of bytes, not fast",
        "share file --speed 9 | there is no option --speed",
        "fetch 12 file PEER | the name of a swarm is 64 digits, not 12",
        "share file --node http://x | this is no URL of a node: http://x; give"
            + " wss://host[:port][/path], or ws:// toward loopback"
      })
  void faultsAreNamed(String line, String fault) {
    String[] words = line.replace("NAME", NAME).replace("PEER", PEER).split(" ", -1);
    assertEquals(
        fault,
        assertThrows(IllegalArgumentException.class, () -> Invocation.parse(words)).getMessage());
  }
}
