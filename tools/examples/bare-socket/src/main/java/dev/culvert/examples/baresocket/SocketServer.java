package dev.culvert.examples.baresocket;

import dev.culvert.identity.PeerKey;
import dev.culvert.peer.IncomingCall;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.SessionConnection;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Sends datagrams back over the path on which they came, until it is stopped. */
public final class SocketServer {
  private static final Executor THREADS = Executors.newCachedThreadPool();

  private SocketServer() {}

  /** {@code SocketServer NODE...}: prints the invite to give to {@link SocketClient}. */
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
    PeerKey key = PeerKey.generate(new SecureRandom());
    PeerNodeConfig config =
        PeerNodeConfig.here(key, nodes, AcceptPolicy.nobody()).answering(SocketServer::answer);
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config)) {
      System.out.println(node.invite(Duration.ofDays(1), false).join().text());
      new CountDownLatch(1).await();
    }
  }

  private static void answer(IncomingCall call) {
    CompletableFuture<Void> unused =
        call.accept().thenAccept(peer -> THREADS.execute(() -> echo(peer)));
  }

  private static void echo(SessionConnection peer) {
    try (DatagramSocket socket = peer.socket()) {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      while (true) {
        packet.setLength(1500);
        socket.receive(packet);
        socket.send(packet);
      }
    } catch (IOException e) {
      System.out.println("over: " + e.getMessage());
    }
  }
}
