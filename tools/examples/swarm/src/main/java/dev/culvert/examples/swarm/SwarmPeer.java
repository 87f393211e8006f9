package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.ServeConfig;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.NetworkRuntime;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A peer of a swarm: shares a file, or fetches it from everybody who has some of it and shares what
 * it has. Runs until it is stopped.
 */
public final class SwarmPeer {
  private static final int NODE_PORT = 443;
  private static final int STUN_PORT = 3478;
  private static final int REDIAL_SECONDS = 3;
  private static final int MOST_TRIES = 5;
  private static final int MOST_HEARD = 64;
  private static final Duration RELAY_PAUSE = Duration.ofSeconds(2);

  private final Invocation wanted;
  private final NetworkRuntime runtime = NetworkRuntime.create();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CompletableFuture<Swarm> swarm = new CompletableFuture<>();
  private final PeerNode node;
  private final Map<PeerId, Integer> tries = new LinkedHashMap<>();
  private final Set<PeerId> dialling = new HashSet<>();
  private final Set<String> known = new HashSet<>();
  private final Map<PeerId, Integer> direct = new HashMap<>();
  private final Map<PeerId, Integer> relayed = new HashMap<>();

  private SwarmPeer(Invocation wanted) {
    this.wanted = wanted;
    PeerKey key = PeerKey.generate(new SecureRandom());
    // Whoever knows the name of the swarm may have the file, so everybody may call.
    this.node =
        PeerNode.start(
            runtime,
            PeerNodeConfig.here(key, wanted.nodes(), AcceptPolicy.open()).watching(this::heard));
  }

  /** See {@link Invocation#USAGE}. */
  public static void main(String[] words) throws InterruptedException {
    try {
      SwarmPeer peer = new SwarmPeer(Invocation.parse(words));
      Runtime.getRuntime().addShutdownHook(new Thread(peer::close));
      peer.run();
      new CountDownLatch(1).await();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Invocation.USAGE);
      System.exit(2);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private void run() throws IOException {
    say("id " + node.id());
    if (wanted.serve().isPresent()) {
      InetAddress ip = wanted.serve().get();
      ServeConfig serve =
          ServeConfig.at(new TransportAddress(ip, NODE_PORT), new TransportAddress(ip, STUN_PORT));
      say("serving " + node.serve(serve.relaying()).known());
    }
    if (wanted.name().isEmpty()) {
      if (!Files.isRegularFile(wanted.file())) {
        throw new SwarmException("there is no file " + wanted.file());
      }
      begin(Manifest.of(wanted.file()));
    }
    node.listen(this::connected);
    synchronized (this) {
      wanted.peers().forEach(peer -> tries.put(peer, 0));
    }
    Future<?> unused =
        clock.scheduleWithFixedDelay(this::dial, 0, REDIAL_SECONDS, TimeUnit.SECONDS);
  }

  /** Tells the others that it goes. */
  private void close() {
    clock.shutdownNow();
    Swarm its = swarm.getNow(null);
    if (its != null) {
      its.close();
    }
    node.close();
    runtime.close();
  }

  private void begin(Manifest manifest) throws IOException {
    Pieces pieces = Pieces.of(manifest, wanted.file());
    say("name " + manifest.name().hex());
    swarm.complete(
        new Swarm(
            pieces,
            new UploadRate(wanted.upload(), System::nanoTime),
            RELAY_PAUSE,
            new SecureRandom(),
            event -> take(event, manifest)));
  }

  // Connections.

  private synchronized void dial() {
    Swarm its = swarm.getNow(null);
    tries.forEach(
        (peer, count) -> {
          boolean given = wanted.peers().contains(peer);
          boolean there = its != null && its.knows(peer);
          if (!there && (given || count < MOST_TRIES) && dialling.add(peer)) {
            tries.put(peer, count + 1);
            CompletableFuture<Void> unused =
                node.connect(peer)
                    .whenComplete((connection, fault) -> dialled(peer, fault))
                    .thenAccept(this::connected);
          }
        });
  }

  private synchronized void dialled(PeerId peer, @Nullable Throwable fault) {
    dialling.remove(peer);
    if (fault != null) {
      say("no connection to " + peer + ": " + fault.getMessage());
    }
  }

  /** On an event loop. */
  private void connected(PeerConnection connection) {
    PeerLink link = new PeerLink(connection);
    connection.onStream(
        stream -> {
          // Before it is known what the file consists of, questions wait.
          CompletableFuture<Void> unused =
              swarm.thenAccept(its -> its.answer(link.peer(), new PeerLink.OnStream(stream)));
        });
    threads.execute(() -> join(link));
  }

  /** Blocks until the peer has told what the file consists of, if nobody did so far. */
  private void join(PeerLink link) {
    try {
      if (!swarm.isDone()) {
        beginOrEnd(Swarm.manifest(link, wanted.name().orElseThrow()));
      }
    } catch (IOException e) {
      say("left " + link.peer() + ": " + e.getMessage());
      link.close();
      return;
    }
    Swarm its = swarm.join();
    // Two who call each other at once have one connection, which comes here twice.
    if (!its.add(link) && !its.has(link)) {
      link.close();
    }
  }

  private void beginOrEnd(Manifest manifest) {
    try {
      beginOnce(manifest);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private synchronized void beginOnce(Manifest manifest) throws IOException {
    if (!swarm.isDone()) {
      begin(manifest);
    }
  }

  // What is told.

  private void take(SwarmEvent event, Manifest manifest) {
    if (event instanceof SwarmEvent.Joined joined) {
      say("joined " + joined.peer());
    } else if (event instanceof SwarmEvent.Left left) {
      say((left.dropped() ? "dropped " : "left ") + left.peer() + ": " + left.reason());
    } else if (event instanceof SwarmEvent.Heard heard) {
      hear(heard.peers());
    } else if (event instanceof SwarmEvent.Took took) {
      synchronized (this) {
        (took.direct() ? direct : relayed).merge(took.from(), 1, Integer::sum);
      }
      say(
          String.format(
              Locale.ROOT,
              "took %d of %d: piece %d from %s %s",
              took.here(),
              manifest.count(),
              took.piece(),
              took.from(),
              took.direct() ? "direct" : "relayed"));
    } else if (event instanceof SwarmEvent.Completed && wanted.name().isPresent()) {
      tellResult();
    }
  }

  private synchronized void hear(List<PeerId> peers) {
    for (PeerId peer : peers) {
      if (!peer.equals(node.id()) && tries.size() < MOST_HEARD) {
        tries.putIfAbsent(peer, 0);
      }
    }
  }

  private synchronized void tellResult() {
    Set<PeerId> sources = new HashSet<>(direct.keySet());
    sources.addAll(relayed.keySet());
    say(
        String.format(
            Locale.ROOT,
            "completed %s: %d pieces direct, %d relayed, of %d peers, at most %d at once",
            wanted.file(),
            direct.values().stream().mapToInt(Integer::intValue).sum(),
            relayed.values().stream().mapToInt(Integer::intValue).sum(),
            sources.size(),
            swarm.join().mostAtOnce()));
  }

  /** On an event loop. */
  private void heard(AttachmentEvent event) {
    if (event instanceof AttachmentEvent.Attached attached) {
      say("attached " + attached.offer().node());
    } else if (event instanceof AttachmentEvent.Detached detached) {
      say("detached " + detached.node() + ": " + detached.reason());
    } else if (event instanceof AttachmentEvent.NodesChanged) {
      CompletableFuture<Void> unused =
          node.nodes().thenAccept(nodes -> nodes.forEach(this::tellNode));
    }
  }

  private synchronized void tellNode(KnownNode its) {
    if (known.add(its.toString())) {
      say("knows " + its);
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }
}
