package dev.culvert.bench.quic;

import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEvent;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallConfig;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Peers with fresh keys on 127.0.0.1 that know one node, all on the loops of one runtime. */
final class Peers implements AutoCloseable {
  /** Room for one that is called by thousands, where people are called by 256 at most. */
  private static final CallConfig MANY =
      new CallConfig(
          CallConfig.STANDARD.patience(),
          CallConfig.STANDARD.ringing(),
          CallConfig.STANDARD.callsPerPeer(),
          CallConfig.STANDARD.asked(),
          5_000);

  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final List<KnownNode> nodes;

  /** Peers that know this node, {@code URL~ID}. */
  Peers(String node) throws JoinTextException {
    nodes = List.of(KnownNode.parse(node, NodeSource.CONFIGURED));
  }

  /** Who can be called. */
  record Joined(PeerNode peer, CompletableFuture<Void> attached) {}

  /** One more. */
  Joined join(IcePolicy policy) {
    CompletableFuture<Void> attached = new CompletableFuture<>();
    MeetConfig meet =
        MeetConfig.of(
                SessionConfig.of(List.of(new LocalAddress("lo", InetAddress.getLoopbackAddress()))),
                AcceptPolicy.open())
            .withPolicy(policy)
            .withCalls(MANY);
    PeerNodeConfig config =
        PeerNodeConfig.of(PeerKey.generate(new SecureRandom()), nodes, meet)
            .watching(
                event -> {
                  if (event instanceof AttachmentEvent.Attached) {
                    attached.complete(null);
                  }
                });
    return new Joined(PeerNode.start(runtime, config), attached);
  }

  /** A connection whose path is of this kind. */
  static CompletableFuture<PeerConnection> connect(PeerNode from, PeerId to, boolean relayed) {
    CompletableFuture<Void> way = new CompletableFuture<>();
    Consumer<PeerEvent> listener =
        event -> {
          if (event instanceof PeerEvent.PathChanged changed
              && changed.now().relayed() == relayed) {
            way.complete(null);
          } else if (event instanceof PeerEvent.Ended ended) {
            way.completeExceptionally(new IllegalStateException(ended.end().words()));
          }
        };
    return from.connect(to)
        .thenCompose(
            connection -> {
              connection.onEvent(listener);
              return way.thenApply(done -> connection);
            });
  }

  /** Ends the loops, and with them all peers. */
  @Override
  public void close() {
    runtime.close();
  }
}
