package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.Threads;
import dev.culvert.cli.connect.stream.Words;
import dev.culvert.cli.ice.TraceFile;
import dev.culvert.cli.ice.TraceLog;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** This peer, on sockets of this host, for one run of a command. */
final class OwnPeer implements AutoCloseable {
  /** Bearable for who pressed Ctrl-C, and enough to tell the others. */
  private static final long GOODBYE_MILLIS = 1500;

  /** A node that has another reason each time fills neither memory nor the terminal. */
  private static final int MOST_SAID = 64;

  private final Console console;
  private final NodesFile file;
  private final Optional<TraceFile> trace;
  private final NetworkRuntime runtime;
  private final PeerNode node;
  private final Thread goodbye = new Thread(this::leave, "culvert-goodbye");
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final CompletableFuture<Void> attached = new CompletableFuture<>();
  private final AtomicBoolean changed = new AtomicBoolean();
  private final AtomicBoolean left = new AtomicBoolean();
  private boolean kept;
  private final Set<String> said = new LinkedHashSet<>();

  private OwnPeer(
      Console console, JoinOptions options, IcePolicy policy, AcceptPolicy accepts, Callees who) {
    this.console = console;
    PeerKey key = options.key(console);
    this.file = NodesFile.beside(options.keyFile(console), console);
    List<KnownNode> nodes = who.nodes(options, file);
    MeetConfig meet =
        MeetConfig.of(SessionConfig.of(options.addresses()), accepts).withPolicy(policy);
    this.trace = TraceFile.open(options.trace(), console);
    Optional<TraceLog> log = trace.map(its -> new TraceLog(its::write));
    log.ifPresent(its -> its.begin(policy, NetworkRuntime.now()));
    this.runtime = NetworkRuntime.create();
    this.node =
        PeerNode.start(
            runtime,
            PeerNodeConfig.of(key, nodes, meet)
                .watching(this::heard)
                .following(options.follows())
                .tracing(event -> log.ifPresent(its -> its.told(event, NetworkRuntime.now()))));
    log.ifPresent(
        its ->
            node.execute(
                (peer, now) -> peer.session().watch((link, at, step) -> its.took(step, at))));
    Runtime.getRuntime().addShutdownHook(goodbye);
    started.complete(null);
  }

  /** Which nodes a peer begins with. */
  @FunctionalInterface
  private interface Callees {
    List<KnownNode> nodes(JoinOptions options, NodesFile file);
  }

  /**
   * A peer that calls somebody.
   *
   * @throws Fault if there is no key, no address or no node to begin with, or it would call itself
   */
  static OwnPeer toCall(Console console, JoinOptions options, IcePolicy policy, Callee callee) {
    return new OwnPeer(
        console,
        options,
        policy,
        AcceptPolicy.nobody(),
        (its, file) -> {
          if (its.key(console).id().equals(callee.peer())) {
            throw Fault.usage(
                "that is this peer's own id",
                "call somebody else, or be another yourself with --key");
          }
          List<KnownNode> nodes = new ArrayList<>(its.nodes());
          nodes.addAll(callee.nodes());
          nodes.addAll(file.read());
          boolean named = callee.invite().filter(each -> !each.nodes().isEmpty()).isPresent();
          if (nodes.isEmpty() && !named) {
            throw Fault.usage(
                "nobody says where to meet", "add --node wss://HOST/~ID, or give an invite");
          }
          return nodes;
        });
  }

  /**
   * A peer that others call.
   *
   * @throws Fault if there is no key, no address or no node to begin with
   */
  static OwnPeer toListen(Console console, JoinOptions options, AcceptPolicy accepts) {
    return new OwnPeer(
        console,
        options,
        options.policy(),
        accepts,
        (its, file) -> {
          List<KnownNode> nodes = new ArrayList<>(its.nodes());
          nodes.addAll(file.read());
          if (nodes.isEmpty()) {
            throw Fault.usage(
                "nobody says where you are found",
                "add --node wss://HOST/~ID, a node that you use");
          }
          return nodes;
        });
  }

  PeerNode node() {
    return node;
  }

  /** Waits until it is attached to a node; false if that takes longer. */
  boolean awaitNode(Duration patience) {
    return attached
        .thenApply(any -> true)
        .completeOnTimeout(false, patience.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  /** Whether it was attached to a node at any time. */
  boolean isAttached() {
    return attached.isDone();
  }

  /** On the event loop. */
  private void heard(AttachmentEvent event) {
    if (event instanceof AttachmentEvent.Attached) {
      attached.complete(null);
    } else if (event instanceof AttachmentEvent.NodesChanged) {
      if (changed.compareAndSet(false, true)) {
        Threads.start("culvert-nodes", this::keepNodes);
      }
    } else if (event instanceof AttachmentEvent.NobodyAnswers nobody) {
      nobody
          .reasons()
          .forEach(
              each -> {
                // The reason may be the node's own words.
                String line = each.node() + ": " + Words.clean(each.reason());
                if (said.size() < MOST_SAID && said.add(line)) {
                  console.say(line);
                }
              });
    }
  }

  /** News may come before the constructor has ended. */
  private void keepNodes() {
    started.join();
    keepNodes(false);
  }

  /** Nothing is written after the last time. */
  private void keepNodes(boolean last) {
    changed.set(false);
    List<KnownNode> nodes = node.nodes().exceptionally(fault -> List.of()).join();
    synchronized (file) {
      if (!nodes.isEmpty() && !kept) {
        file.write(nodes);
      }
      kept |= last;
    }
  }

  private void leave() {
    if (left.compareAndSet(false, true)) {
      CompletableFuture<Void> told = new CompletableFuture<>();
      Threads.start(
          "culvert-leaving",
          () -> {
            node.close();
            told.complete(null);
          });
      told.completeOnTimeout(null, GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
    }
  }

  @Override
  public void close() {
    keepNodes(true);
    leave();
    runtime.close();
    trace.ifPresent(TraceFile::close);
    try {
      Runtime.getRuntime().removeShutdownHook(goodbye);
    } catch (IllegalStateException e) {
      // The process is ending already, so the hook has run.
    }
  }
}
