package dev.culvert.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceTextException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ten lines of the README: they do what it says, and are what it says. */
class PathExampleTest {
  private static final String SOURCES = "modules/peer/src/test/java/dev/culvert/peer/";

  @Test
  void itAsksAPeerOverThePath() throws Exception {
    try (TwoPeers peers = new TwoPeers("127.0.0.1");
        DatagramSocket socket = peers.two.connection.socket()) {
      CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> answer(socket));
      assertEquals("two", PathExample.ask(peers.one.engine, offer -> signal(peers, offer)));
      assertEquals("who are you?", asked.get(60, TimeUnit.SECONDS));
    }
  }

  private static String signal(TwoPeers peers, String offer) {
    try {
      peers.two.connection.remote(IceJson.parse(offer));
      return IceJson.format(peers.two.connection.complete().join());
    } catch (IceTextException e) {
      throw new AssertionError(e);
    }
  }

  private static String answer(DatagramSocket socket) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      socket.receive(packet);
      socket.send(new DatagramPacket("two".getBytes(UTF_8), 3));
      return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoeverWaitsForAPathHearsThatThereWillBeNone() {
    try (TwoPeers peers = new TwoPeers("127.0.0.1")) {
      CompletableFuture<?> connected = peers.one.connection.connected();
      peers.one.connection.close();
      assertThrows(CompletionException.class, connected::join);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PathExample", "MeetExample", "ConnectExample"})
  void theReadmeShowsIt(String example) throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(SOURCES))) {
      root = Objects.requireNonNull(root.getParent());
    }
    String source = Files.readString(root.resolve(SOURCES + example + ".java"));
    String method = source.substring(source.indexOf("  static String ask"));
    String shown = method.substring(0, method.lastIndexOf('}')).stripTrailing().stripIndent();
    String readme = Files.readString(root.resolve("README.md"));
    assertTrue(readme.contains("```java\n" + shown + "\n```"), "the README shows other code");
  }
}
