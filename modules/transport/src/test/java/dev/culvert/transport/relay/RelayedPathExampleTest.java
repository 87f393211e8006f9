package dev.culvert.transport.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The ten lines of the README: they do what it says, and are what it says. */
class RelayedPathExampleTest {
  private static final String SOURCE =
      "modules/transport/src/test/java/dev/culvert/transport/relay/RelayedPathExample.java";

  @Test
  void itGreetsAPeerThroughARelay() throws IOException {
    try (LocalRelay relay = new LocalRelay();
        DatagramSocket peer = new DatagramSocket(0, LocalRelay.ip("127.0.0.1"))) {
      peer.setSoTimeout(60_000);
      CompletableFuture<String> heard = CompletableFuture.supplyAsync(() -> answer(peer));
      TransportAddress address =
          TransportAddress.of((InetSocketAddress) peer.getLocalSocketAddress());
      assertEquals(
          "welcome", RelayedPathExample.greet(relay.uri(Transport.UDP).toString(), address));
      assertTrue(LocalRelay.get(heard).startsWith("I am at 127.0.0.1:"));
    }
  }

  private static String answer(DatagramSocket peer) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      peer.receive(packet);
      byte[] welcome = "welcome".getBytes(UTF_8);
      peer.send(new DatagramPacket(welcome, welcome.length, packet.getSocketAddress()));
      return new String(packet.getData(), 0, packet.getLength(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theReadmeShowsIt() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(SOURCE))) {
      root = Objects.requireNonNull(root.getParent());
    }
    String source = Files.readString(root.resolve(SOURCE));
    String method = source.substring(source.indexOf("  static String greet"));
    String shown = method.substring(0, method.lastIndexOf('}')).stripTrailing().stripIndent();
    String readme = Files.readString(root.resolve("README.md"));
    assertTrue(readme.contains("```java\n" + shown + "\n```"), "the README shows other code");
  }
}
