package dev.culvert.examples.embeddednode;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.culvert.identity.KeyFileException;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.PeerKeyFile;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.peer.ServeConfig;
import dev.culvert.peer.Serving;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A service with a public address at which others also meet: rendezvous, STUN and relay in one
 * process with the application, which greets whoever connects to it.
 */
public final class EmbeddedNode {
  private static final int NODE_PORT = 443;
  private static final int STUN_PORT = 3478;

  private EmbeddedNode() {}

  /** {@code EmbeddedNode IP KEYFILE}: prints its id and how others name it as their node. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length != 2) {
      fail("usage: EmbeddedNode IP KEYFILE");
    }
    try {
      run(InetAddress.getByName(args[0]), key(Path.of(args[1])));
    } catch (IOException | KeyFileException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void run(InetAddress ip, PeerKey key) throws IOException, InterruptedException {
    PeerNodeConfig config = PeerNodeConfig.here(key, List.of(), AcceptPolicy.open());
    ServeConfig serve =
        ServeConfig.at(new TransportAddress(ip, NODE_PORT), new TransportAddress(ip, STUN_PORT))
            .relaying();
    Executor threads = Executors.newCachedThreadPool();
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config);
        Serving serving = node.serve(serve)) {
      node.listen(peer -> peer.onStream(stream -> threads.execute(() -> greet(stream))));
      System.out.println(serving.known());
      new CountDownLatch(1).await();
    }
  }

  /** Nodes are known by their keys, so it has to be the same after a restart. */
  private static PeerKey key(Path file) throws KeyFileException {
    if (!Files.exists(file)) {
      PeerKeyFile.write(PeerKey.generate(new SecureRandom()), file);
    }
    return PeerKeyFile.read(file);
  }

  private static void greet(PeerStream stream) {
    try (stream) {
      String name = new String(stream.input().readNBytes(100), UTF_8);
      stream.output().write(("hello " + name).getBytes(UTF_8));
      stream.output().close();
    } catch (IOException e) {
      System.err.println("a stream was cut off: " + e.getMessage());
    }
  }

  private static void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }
}
