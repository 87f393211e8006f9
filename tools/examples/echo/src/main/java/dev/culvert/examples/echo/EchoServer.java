package dev.culvert.examples.echo;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Sends back what others say, until it is stopped. */
public final class EchoServer {
  private EchoServer() {}

  /** {@code EchoServer NODE...}: prints the invite with which others reach it for a day. */
  public static void main(String[] args) throws InterruptedException {
    List<KnownNode> nodes = new ArrayList<>();
    try {
      for (String node : args) {
        nodes.add(KnownNode.parse(node, NodeSource.CONFIGURED));
      }
    } catch (JoinTextException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    Executor threads = Executors.newCachedThreadPool();
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config = PeerNodeConfig.here(key, nodes, AcceptPolicy.nobody());
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config)) {
      node.listen(peer -> peer.onStream(stream -> threads.execute(() -> echo(stream))));
      System.out.println(node.invite(Duration.ofDays(1), false).join().text());
      new CountDownLatch(1).await();
    }
  }

  private static void echo(PeerStream stream) {
    try (stream) {
      stream.input().transferTo(stream.output());
      stream.output().close();
    } catch (IOException e) {
      System.err.println("a stream was cut off: " + e.getMessage());
    }
  }
}
