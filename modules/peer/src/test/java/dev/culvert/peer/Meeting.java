package dev.culvert.peer;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A callee that is a node, too, and whoever calls it, on this host's loopback addresses. */
final class Meeting implements AutoCloseable {
  final NetworkRuntime runtime = NetworkRuntime.create();
  final BlockingQueue<PeerConnection> taken = new LinkedBlockingQueue<>();
  final PeerNode callee;
  final KnownNode node;
  private final BlockingQueue<Boolean> attached = new LinkedBlockingQueue<>();
  private final List<PeerNode> open = new ArrayList<>();

  /** Both ends of a connection. */
  record Ends(PeerConnection here, PeerConnection there) {}

  Meeting(String... ips) throws Exception {
    callee = peer(PeerKey.generate(new SecureRandom()), List.of(), ips);
    TransportAddress any = new TransportAddress(InetAddress.getLoopbackAddress(), 0);
    node = callee.serve(ServeConfig.at(any, any)).known();
    TwoPeers.next(attached);
    callee.listen(taken::add);
  }

  PeerNode caller(String... ips) {
    return peer(PeerKey.generate(new SecureRandom()), List.of(node), ips);
  }

  PeerNode peer(PeerKey key, List<KnownNode> known, String... ips) {
    return start(config(key, known, ips), key, Duration.ofSeconds(TwoPeers.PATIENCE_SECONDS));
  }

  /** A peer that shows this key in handshakes, and waits so long for QUIC. */
  PeerNode start(PeerNodeConfig config, PeerKey shown, Duration patience) {
    PeerNode peer = PeerNode.start(runtime, config, shown, patience);
    open.add(peer);
    return peer;
  }

  PeerNodeConfig config(PeerKey key, List<KnownNode> known, String... ips) {
    List<LocalAddress> addresses =
        Arrays.stream(ips.length == 0 ? new String[] {"127.0.0.1"} : ips)
            .map(TwoPeers::address)
            .toList();
    MeetConfig meet = MeetConfig.of(SessionConfig.of(addresses), AcceptPolicy.open());
    return PeerNodeConfig.of(key, known, meet).watching(this::watch);
  }

  private void watch(AttachmentEvent event) {
    if (event instanceof AttachmentEvent.Attached) {
      attached.add(true);
    }
  }

  /** Waits until somebody has joined. */
  void awaitAttached() {
    TwoPeers.next(attached);
  }

  Ends connect(PeerNode caller) throws Exception {
    PeerConnection here = within(caller.connect(callee.id()));
    return new Ends(here, TwoPeers.next(taken));
  }

  static <T> T within(CompletableFuture<T> future) throws Exception {
    return future.get(TwoPeers.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static PeerEnd end(CompletableFuture<?> future) {
    ExecutionException fault = assertThrows(ExecutionException.class, () -> within(future));
    return assertInstanceOf(PeerException.class, fault.getCause()).end();
  }

  /** What somebody waits for ends with the stream. */
  static void cut(CompletableFuture<?> waiting) {
    ExecutionException fault = assertThrows(ExecutionException.class, () -> within(waiting));
    assertInstanceOf(PeerStreamException.class, fault.getCause());
  }

  @Override
  public void close() {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    runtime.close();
  }
}
