package dev.culvert.ice4j;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceConfig;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceFailure;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceRole;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ice4j.TransportAddress;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.IceProcessingState;

/**
 * An agent of ice4j's from its candidates to its end, as ice4j knows no restart: each generation
 * has one of its own. Confined to the loop, but for {@link #send}.
 */
final class Generation {
  private static final Duration PACING_UNTOLD = Duration.ofMillis(50);
  private static final long GRACE_MILLIS = 500;
  private static final long CONFIRM_MILLIS = 100;
  private static final long HOPELESS_MILLIS = 3_000;

  /** What it tells, on the loop; nothing any more once it is closed. */
  interface Watcher {
    /** Credentials and sockets are there. */
    void began(Generation its);

    /** Another candidate to tell the peer of. */
    void found(Candidate candidate);

    /** There will be no more of them. */
    void gathered(Generation its);

    /** Data goes another way, or there is no way any more. */
    void path(Generation its, Optional<IcePath> path);

    /** It is over. */
    void failed(Generation its, IceFailure reason);

    /** On any thread: something came over a proven pair. */
    void received(Generation its, Flow from, Bytes data);
  }

  private final IceConfig config;
  private final Threads threads;
  private final Watcher watcher;
  private final WireRule rule;
  private final Gathering gathering;
  private final Remotes remotes;
  private final Routes routes = new Routes();
  private final List<Runnable> waiting = new ArrayList<>();
  private Optional<Parts> parts = Optional.empty();
  private Optional<IceParameters> peer = Optional.empty();
  private Optional<Flow> wanted = Optional.empty();
  private boolean peerBegan;
  private boolean late;
  private boolean nominated;
  private boolean wasSelected;
  private boolean over;
  private volatile boolean patient = true;

  Generation(IceConfig config, Ice4jConfig hosts, Threads threads, Watcher watcher) {
    this.config = config;
    this.threads = threads;
    this.watcher = watcher;
    this.rule = new WireRule(config.policy(), hosts);
    this.remotes = new Remotes(config, rule);
    this.gathering =
        new Gathering(config.policy(), hosts, threads, rule, new Gathered(), this::received);
  }

  private void received(Flow from, Bytes data) {
    watcher.received(this, from, data);
  }

  void begin(IceRole role) {
    gathering.begin(role, new Checks(), new PairWatch(threads, () -> patient, new Pairs()));
  }

  /** Runs it now, or as soon as there are credentials. */
  void whenBegun(Runnable action) {
    if (parts.isPresent()) {
      action.run();
    } else if (!over) {
      waiting.add(action);
    }
  }

  boolean hasBegun() {
    return parts.isPresent();
  }

  boolean isGathered() {
    return gathering.isOver();
  }

  Optional<IceParameters> peer() {
    return peer;
  }

  IceRole role() {
    return parts
        .map(made -> made.agent().isControlling() ? IceRole.CONTROLLING : IceRole.CONTROLLED)
        .orElse(config.role());
  }

  IceCredentials credentials() {
    CheckingAgent agent = parts.orElseThrow().agent();
    return new IceCredentials(agent.getLocalUfrag(), agent.getLocalPassword());
  }

  IceDescription description() {
    return new IceDescription(
        new IceParameters(
            credentials(),
            false,
            Set.of(IceParameters.TRICKLE),
            Optional.of(config.pacing()),
            peer.map(its -> its.credentials().ufrag())),
        gathering.told(),
        gathering.isOver());
  }

  /** Who the peer is; checks begin. */
  void start(IceParameters parameters, List<Candidate> candidates) {
    Parts made = parts.orElseThrow();
    peer = Optional.of(parameters);
    if (parameters.lite()) {
      // Whoever only answers cannot choose (RFC 8445 §6.1.1).
      made.agent().setControlling(true);
    }
    Duration theirs = parameters.pacing().orElse(PACING_UNTOLD);
    made.agent().setTa(Math.max(config.pacing().toMillis(), theirs.toMillis()));
    made.stream().setRemoteUfrag(parameters.credentials().ufrag());
    made.stream().setRemotePassword(parameters.credentials().password());
    candidates.forEach(candidate -> remotes.add(candidate, made));
    made.agent().startConnectivityEstablishment();
    remotes.started(made);
    threads.later(this::patienceEnds, config.patience().toMillis());
  }

  void addRemote(Candidate candidate) {
    if (!over) {
      remotes.add(candidate, parts.orElseThrow());
    }
  }

  void endRemote() {
    remotes.end();
    judge();
  }

  void peerBegan() {
    peerBegan = true;
    judge();
  }

  void peerFailed() {
    if (routes.isEmpty()) {
      fail(IceFailure.PEER_GAVE_UP);
    }
  }

  /** Any thread: sends where the path goes. */
  boolean send(Bytes data) {
    return routes.send(data);
  }

  boolean isSelected() {
    return routes.isSelected();
  }

  Optional<IcePath> path() {
    return routes.path();
  }

  void heard(Flow from) {
    routes.heard(from);
  }

  /** Whether the peer sends on the path. */
  boolean isHeard() {
    return routes.isHeard();
  }

  /** Gives everything back; the peer is not told. */
  void close() {
    if (!over) {
      over = true;
      patient = false;
      waiting.clear();
      routes.clear();
      gathering.close();
    }
  }

  private void fail(IceFailure reason) {
    if (!over) {
      close();
      watcher.failed(this, reason);
    }
  }

  private void judge() {
    if (over) {
      return;
    }
    if (gathering.isOver() && gathering.told().isEmpty()) {
      fail(IceFailure.NO_LOCAL_CANDIDATES);
    } else if (gathering.isOver() && peerBegan && remotes.isOver()) {
      // Whatever is to come comes soon, and ice4j may give up on what failed.
      patient = false;
      if (hasNoPairs()) {
        threads.later(this::hopeless, HOPELESS_MILLIS);
      }
    }
  }

  private boolean hasNoPairs() {
    return parts.filter(made -> !made.stream().getCheckList().isEmpty()).isEmpty();
  }

  private void hopeless() {
    if (routes.isEmpty() && hasNoPairs()) {
      fail(why());
    }
  }

  private void patienceEnds() {
    if (!over && routes.isEmpty()) {
      fail(why());
    }
  }

  private IceFailure why() {
    if (gathering.isOver() && gathering.told().isEmpty()) {
      return IceFailure.NO_LOCAL_CANDIDATES;
    }
    return hasNoPairs() ? remotes.why() : IceFailure.NO_ANSWER;
  }

  private void choose() {
    boolean changed = routes.choose(wasSelected);
    wasSelected = routes.isSelected();
    if (changed) {
      watcher.path(this, routes.path());
    }
  }

  private void nominate() {
    CheckingAgent agent = parts.orElseThrow().agent();
    if (over || nominated || !agent.isControlling()) {
      return;
    }
    Optional<CandidatePair> nominee = routes.nominee(config.policy(), late);
    if (nominee.isPresent()) {
      nominated = true;
      agent.nominate(nominee.get());
    } else if (!routes.isEmpty()) {
      threads.later(
          () -> {
            late = true;
            nominate();
          },
          GRACE_MILLIS);
    }
  }

  private boolean isControlled() {
    return parts.filter(made -> !made.agent().isControlling()).isPresent();
  }

  /** Sees to it that what the peer nominates is selected, some time after ice4j should have. */
  private void confirm() {
    threads.later(
        () -> {
          if (!over && isControlled() && !routes.isSelected()) {
            wanted
                .flatMap(routes::find)
                .ifPresent(route -> parts.orElseThrow().agent().confirm(route.pair()));
          }
        },
        CONFIRM_MILLIS);
  }

  private Flow flow(CandidatePair pair) {
    return Route.of(pair, gathering.reader(pair.getLocalCandidate())).flow();
  }

  /** What gathering tells. */
  private final class Gathered implements Gathering.Ear {
    @Override
    public void began(Parts made) {
      parts = Optional.of(made);
      watcher.began(Generation.this);
      List<Runnable> actions = List.copyOf(waiting);
      waiting.clear();
      actions.forEach(Runnable::run);
    }

    @Override
    public void found(Candidate candidate) {
      watcher.found(candidate);
    }

    @Override
    public void gathered() {
      watcher.gathered(Generation.this);
      judge();
    }
  }

  /** What ice4j's agent tells. */
  private final class Checks implements CheckingAgent.Ear {
    @Override
    public void checked(TransportAddress remote, TransportAddress local, boolean nominates) {
      // Whoever knows this side's password may send before this side has asked it anything.
      gathering.prove(Forms.ours(local), remote);
      threads.later(() -> checkedBy(remote, local, nominates));
    }

    private void checkedBy(TransportAddress remote, TransportAddress local, boolean nominates) {
      Optional<Flow> flow =
          over ? Optional.empty() : gathering.flow(Forms.ours(local), Forms.ours(remote));
      flow.ifPresent(routes::heard);
      if (nominates && isControlled()) {
        wanted = flow.or(() -> wanted);
        confirm();
        if (flow.filter(routes::follow).isPresent()) {
          choose();
        }
      }
    }

    @Override
    public void roleChanged() {
      threads.later(() -> whenBegun(Generation.this::nominate));
    }
  }

  /** What ice4j's pairs tell. */
  private final class Pairs implements PairWatch.Ear {
    @Override
    public void proven(CandidatePair pair) {
      Reader reader = gathering.reader(pair.getLocalCandidate());
      reader.prove(pair.getRemoteCandidate().getTransportAddress());
      threads.later(
          () -> {
            if (!over) {
              routes.add(Route.of(pair, reader));
              choose();
              confirm();
              whenBegun(Generation.this::nominate);
            }
          });
    }

    @Override
    public void silent(CandidatePair pair) {
      threads.later(
          () -> {
            if (!over && routes.drop(flow(pair))) {
              choose();
              if (routes.isEmpty()) {
                fail(IceFailure.CONSENT_EXPIRED);
              }
            }
          });
    }

    @Override
    public void became(IceProcessingState state) {
      if (state == IceProcessingState.COMPLETED) {
        patient = false;
        threads.later(this::selected);
      } else if (state == IceProcessingState.FAILED) {
        threads.later(Generation.this::patienceEnds);
      }
    }

    private void selected() {
      CandidatePair pair = parts.orElseThrow().component().getSelectedPair();
      if (!over && pair != null) {
        routes.add(Route.of(pair, gathering.reader(pair.getLocalCandidate())));
        routes.select(flow(pair));
        choose();
      }
    }
  }
}
