package dev.culvert.ice4j;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceFailure;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.IceState;
import dev.culvert.ice.PairFate;
import dev.culvert.ice.engine.ConnectionEvent;
import dev.culvert.ice.engine.IceConnection;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of an {@link Ice4jEngine}: an agent of ice4j's for each generation of candidates, of
 * which the one before carries data until the next has a path (RFC 8445 §9).
 */
final class Ice4jConnection implements IceConnection {
  private static final Logger LOG = LoggerFactory.getLogger(Ice4jConnection.class);
  private static final int LONGEST = 1_500;
  private static final int MOST_WAITING = 1_000;
  private static final long LINGER_MILLIS = 2_000;
  private static final long AGAIN_MILLIS = 500;

  private final IceConfig config;
  private final Ice4jConfig hosts;
  private final Threads threads;
  private final Consumer<? super ConnectionEvent> listener;
  private final Consumer<Ice4jConnection> ended;
  private final Watcher watcher = new Watcher();
  private final Promises promises = new Promises();
  private final AtomicInteger waitingData = new AtomicInteger();
  private Generation current;
  private Optional<Generation> before = Optional.empty();
  private volatile Optional<Generation> carrier = Optional.empty();
  private volatile Optional<IcePath> path = Optional.empty();
  private volatile IceState state = IceState.NEW;

  Ice4jConnection(
      IceConfig config,
      Ice4jConfig hosts,
      Threads threads,
      Consumer<? super ConnectionEvent> listener,
      Consumer<Ice4jConnection> ended) {
    this.config = config;
    this.hosts = hosts;
    this.threads = threads;
    this.listener = listener;
    this.ended = ended;
    this.current = new Generation(config, hosts, threads, watcher);
  }

  void begin() {
    threads.later(() -> current.begin(config.role()));
  }

  @Override
  public CompletableFuture<IceDescription> description() {
    return promises.make(
        result -> run(() -> current.whenBegun(() -> result.complete(current.description()))));
  }

  @Override
  public CompletableFuture<IceDescription> complete() {
    return promises.make(result -> run(() -> promises.whenComplete(result, current)));
  }

  @Override
  public void remote(IceDescription description) {
    run(() -> current.whenBegun(() -> take(description)));
  }

  @Override
  public void addRemote(Candidate candidate) {
    run(() -> current.whenBegun(() -> current.addRemote(candidate)));
  }

  @Override
  public void endRemote() {
    run(() -> current.whenBegun(current::endRemote));
  }

  @Override
  public void peerBegan() {
    run(() -> current.whenBegun(current::peerBegan));
  }

  @Override
  public void peerFailed() {
    run(() -> current.whenBegun(current::peerFailed));
  }

  @Override
  public CompletableFuture<IceDescription> restart() {
    return promises.make(
        result ->
            run(
                () -> {
                  renew();
                  current.whenBegun(() -> result.complete(current.description()));
                }));
  }

  @Override
  public void send(Bytes data) {
    if (data.length() > LONGEST) {
      throw new IllegalArgumentException(
          "ice4j carries at most 1,500 bytes in a datagram, not " + data.length());
    }
    boolean unused = carrier.filter(its -> its.send(data)).isPresent();
  }

  @Override
  public Optional<IcePath> path() {
    return path;
  }

  @Override
  public IceState state() {
    return state;
  }

  @Override
  public CompletableFuture<List<PairFate>> fates() {
    return promises.make(result -> run(() -> result.complete(List.of())));
  }

  @Override
  public void close() {
    run(this::end);
  }

  /** On the loop: gives everything back. */
  void end() {
    if (state != IceState.CLOSED) {
      state = IceState.CLOSED;
      path = Optional.empty();
      carrier = Optional.empty();
      before.ifPresent(Generation::close);
      current.close();
      promises.abandon();
      ended.accept(this);
    }
  }

  private void run(Runnable action) {
    threads.later(
        () -> {
          if (state != IceState.CLOSED) {
            action.run();
          }
        });
  }

  /** What the engine's end leaves, when the loop runs nothing any more. */
  void abandon() {
    state = IceState.CLOSED;
    path = Optional.empty();
    carrier = Optional.empty();
    promises.abandon();
  }

  private void take(IceDescription description) {
    IceParameters theirs = description.parameters();
    Optional<IceCredentials> known = current.peer().map(IceParameters::credentials);
    if (known.filter(theirs.credentials()::equals).isPresent()) {
      description.candidates().forEach(current::addRemote);
      ends(description);
      return;
    }
    if (theirs.answering().filter(ufrag -> !ufrag.equals(current.credentials().ufrag())).isPresent()
        && known.isEmpty()) {
      // It answers what this side has replaced since; the answer to the new one comes.
      return;
    }
    if (known.isPresent()) {
      // ice4j cannot take other credentials, so the peer's restart is always this side's, too.
      renew();
      current.whenBegun(
          () -> {
            start(description);
            tell(new ConnectionEvent.Restarted(current.description()));
          });
    } else {
      start(description);
    }
  }

  private void start(IceDescription description) {
    current.start(description.parameters(), description.candidates());
    if (path.isEmpty()) {
      become(IceState.CHECKING);
    }
    if (description.parameters().answering().isPresent()) {
      current.peerBegan();
    }
    ends(description);
  }

  private void ends(IceDescription description) {
    if (description.complete()) {
      current.endRemote();
    }
  }

  /** Another agent; the present one goes on for as long as it has a path and this one has none. */
  private void renew() {
    if (current.path().isPresent()) {
      before.ifPresent(Generation::close);
      before = Optional.of(current);
    } else {
      current.close();
    }
    IceRole role = current.role();
    current = new Generation(config, hosts, threads, watcher);
    current.begin(role);
  }

  private void become(IceState now) {
    if (state != now && state != IceState.CLOSED) {
      state = now;
      tell(new ConnectionEvent.Ice(new IceEvent.StateChanged(now)));
    }
  }

  private void tell(ConnectionEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("A listener threw.", e);
    }
  }

  /** What generations tell. */
  private final class Watcher implements Generation.Watcher {
    @Override
    public void began(Generation its) {
      // Who asks for the description is waiting in line, in the generation.
    }

    @Override
    public void found(Candidate candidate) {
      tell(new ConnectionEvent.LocalCandidate(candidate));
    }

    @Override
    public void gathered(Generation its) {
      if (its == current && its.hasBegun()) {
        IceDescription all = its.description();
        promises.completed(all);
        tell(new ConnectionEvent.LocalCandidatesEnd(all));
      }
    }

    @Override
    public void path(Generation its, Optional<IcePath> way) {
      if (way.isEmpty()) {
        lost(its);
      } else if (its == current) {
        change(its, way.get());
      } else if (carrier.filter(its::equals).isPresent()) {
        carry(its, way.get());
      }
    }

    /**
     * Until both agents have agreed on a pair, a path of the generation before that still lives is
     * the safer one: the peer may not know of this generation yet.
     */
    private void change(Generation its, IcePath way) {
      if (its.isSelected()) {
        before.ifPresent(old -> threads.later(old::close, LINGER_MILLIS));
        before = Optional.empty();
      } else if (before.filter(old -> old.path().isPresent() && old.isHeard()).isPresent()) {
        threads.later(() -> its.path().ifPresent(later -> reconsider(its, later)), AGAIN_MILLIS);
        return;
      }
      carry(its, way);
    }

    private void reconsider(Generation its, IcePath way) {
      if (its == current && carrier.filter(its::equals).isEmpty()) {
        change(its, way);
      }
    }

    private void carry(Generation its, IcePath way) {
      carrier = Optional.of(its);
      path = Optional.of(way);
      tell(new ConnectionEvent.Ice(new IceEvent.PathChanged(way)));
      become(its.isSelected() ? IceState.COMPLETED : IceState.CONNECTED);
    }

    private void lost(Generation its) {
      if (carrier.filter(its::equals).isPresent()) {
        carrier = Optional.empty();
        path = Optional.empty();
        tell(new ConnectionEvent.Ice(new IceEvent.PathLost(ComponentId.ONLY)));
        become(IceState.DISCONNECTED);
        if (its != current) {
          current.path().ifPresent(way -> change(current, way));
        }
      }
    }

    @Override
    public void failed(Generation its, IceFailure reason) {
      lost(its);
      if (its != current) {
        before = before.filter(old -> old != its);
        return;
      }
      before.ifPresent(
          old -> {
            lost(old);
            old.close();
          });
      before = Optional.empty();
      become(IceState.FAILED);
      tell(new ConnectionEvent.Ice(new IceEvent.Failed(reason, List.of())));
    }

    @Override
    public void received(Generation its, Flow from, Bytes data) {
      if (waitingData.incrementAndGet() > MOST_WAITING) {
        waitingData.decrementAndGet();
        return;
      }
      threads.later(
          () -> {
            waitingData.decrementAndGet();
            if (state != IceState.CLOSED) {
              its.heard(from);
              tell(new ConnectionEvent.Ice(new IceEvent.Received(ComponentId.ONLY, from, data)));
            }
          });
    }
  }
}
