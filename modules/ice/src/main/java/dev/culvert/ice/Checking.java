package dev.culvert.ice;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What an agent does over time: sends checks, takes answers, nominates, gives up. */
final class Checking {
  /** Between two questions to oneself why the peer sends elsewhere. */
  private static final Duration WONDER = Duration.ofSeconds(5);

  private final IceConfig config;
  private final RandomGenerator random;
  private final TreeMap<ComponentId, ComponentPath> paths = new TreeMap<>();
  private final Steps steps;
  private final Keepalive keepalive;
  private final Progress progress;
  private final Requests requests;
  private final Answers answers = new Answers(this);
  private final Nominator nominator;
  private final Connections connections;
  private final PairConnections pairConnections;
  private final Sending sending;
  private final Ageing ageing = new Ageing(this);
  private Round round;
  private Optional<Round> before = Optional.empty();
  private IceRole role;
  private long tieBreaker;
  private boolean holdsBack;
  private boolean wonders;
  private MonotonicTime nextWonder = new MonotonicTime(0);

  Checking(
      IceConfig config,
      RandomGenerator random,
      Consumer<Output> out,
      Consumer<IceEvent> tell,
      Connections connections,
      Steps steps) {
    this.connections = connections;
    this.pairConnections = new PairConnections(this, connections);
    this.sending = new Sending(this, connections, out);
    this.steps = steps;
    this.keepalive = new Keepalive(random, steps);
    this.config = config;
    this.random = random;
    this.role = config.lite() ? IceRole.CONTROLLED : config.role();
    this.tieBreaker = random.nextLong();
    this.round = new Round(IceCredentials.random(random), config, role, random, steps);
    this.progress = new Progress(config, paths.values(), tell, steps);
    this.requests = new Requests(this, config, out, connections, steps);
    this.nominator = new Nominator(this);
    config.components().forEach(each -> paths.put(each, newPath(each)));
  }

  IceParameters parameters() {
    Set<String> options = new LinkedHashSet<>();
    options.add(IceParameters.TRICKLE);
    options.add(IceParameters.ICE2);
    options.add(IceParameters.RENOMINATION);
    options.add(IceParameters.BRISK);
    options.add(IceParameters.PADDED);
    return new IceParameters(
        round.own(),
        config.lite(),
        options,
        Optional.of(config.pacing()),
        round.peer().map(peer -> peer.credentials().ufrag()));
  }

  IceState state() {
    return progress.state();
  }

  IceRole role() {
    return role;
  }

  long tieBreaker() {
    return tieBreaker;
  }

  Steps steps() {
    return steps;
  }

  Sending sending() {
    return sending;
  }

  PairConnections connections() {
    return pairConnections;
  }

  Progress progress() {
    return progress;
  }

  Round round() {
    return round;
  }

  Iterable<ComponentPath> paths() {
    return paths.values();
  }

  void addLocal(LocalCandidate candidate, MonotonicTime now) {
    round.addLocal(candidate);
    steps.tell(() -> new IceStep.LocalAdded(candidate));
    round.prospects().news(now);
    settle(now);
  }

  boolean addPunched(LocalCandidate local, TransportAddress remote, MonotonicTime now) {
    boolean added = round.addPunched(new Round.Punched(local, remote));
    round.prospects().news(now);
    settle(now);
    return added;
  }

  void removeLocal(long base, String why, MonotonicTime now) {
    boolean used = false;
    for (Round each : rounds()) {
      for (Pair pair : each.removeLocal(base)) {
        each.checks().ifPresent(checks -> checks.silence(pair));
        ComponentPath path = path(pair);
        used |= path.used().filter(valid -> valid.pair() == pair).isPresent();
        path.drop(pair);
        pair.gone(why);
      }
    }
    if (used) {
      progress.broke(now);
      round.list().retry("an address is gone", pair -> true);
    }
    settle(now);
  }

  void endLocal(MonotonicTime now) {
    round.prospects().endLocal(now);
    steps.tell(IceStep.LocalEnded::new);
    settle(now);
  }

  void endRemote(MonotonicTime now) {
    round.prospects().endRemote(now);
    steps.tell(IceStep.RemoteEnded::new);
    settle(now);
  }

  void peerBegan(MonotonicTime now) {
    began(round, now);
    settle(now);
  }

  /** The peer has this agent's description. */
  void began(Round its, MonotonicTime now) {
    if (its.prospects().begin(now)) {
      steps.tell(IceStep.PeerBegan::new);
    }
  }

  void peerFailed(MonotonicTime now) {
    round.prospects().peerFailed();
    steps.tell(IceStep.PeerFailed::new);
    settle(now);
  }

  void mappingLifetime(Duration lifetime, MonotonicTime now) {
    if (keepalive.lifetime(lifetime)) {
      paths.values().forEach(path -> path.hasten(now));
    }
  }

  boolean remote(IceParameters parameters, MonotonicTime now) {
    Optional<IceCredentials> known = round.peer().map(IceParameters::credentials);
    if (known.filter(parameters.credentials()::equals).isPresent()) {
      return false;
    }
    if (parameters.answering().filter(ufrag -> !ufrag.equals(round.own().ufrag())).isPresent()) {
      // It answers credentials that this agent has replaced since; the answer to the new ones
      // comes.
      return false;
    }
    boolean restarts = known.isPresent() && parameters.answering().isEmpty();
    if (restarts) {
      restart(now);
    } else if (known.isPresent()) {
      renew(now);
    }
    round.begin(parameters);
    if (parameters.answering().isPresent()) {
      began(round, now);
    }
    steps.tell(() -> new IceStep.PeerDescribed(parameters));
    if (parameters.lite()) {
      // Whoever only answers cannot choose, and of two such the one that began (RFC 8445 §6.1.1).
      play(config.lite() ? config.role() : IceRole.CONTROLLING, "the peer is lite");
    }
    progress.begin(now);
    for (Round.Early check : round.takeEarly()) {
      requests.learn(round, check, now);
    }
    settle(now);
    return restarts;
  }

  /** Two that only answer never check: both take the pair of the most priority (RFC 8445 §8.2). */
  private void agree(ComponentPath path, MonotonicTime now) {
    round.list().of(path.component()).findFirst().ifPresent(best -> path.agree(round, best, now));
  }

  /** Nothing leaves until {@code action} has told all that belongs together. */
  boolean together(BooleanSupplier action, MonotonicTime now) {
    holdsBack = true;
    boolean result = action.getAsBoolean();
    holdsBack = false;
    settle(now);
    return result;
  }

  boolean isWith(IceCredentials credentials) {
    return round.peer().map(IceParameters::credentials).filter(credentials::equals).isPresent();
  }

  boolean addRemote(Candidate candidate, TransportAddress address, MonotonicTime now) {
    boolean added = round.list().add(candidate, address).isPresent();
    round.prospects().news(now);
    settle(now);
    return added;
  }

  /** The policy leaves this address of the peer out, whoever begins. */
  void refuse(TransportAddress address) {
    round.refuse(address);
  }

  /**
   * The peer's data, or the answer to this side's, is missed: asks whether the path still works.
   */
  void doubt(MonotonicTime now) {
    for (ComponentPath path : paths.values()) {
      path.doubt(now)
          .filter(valid -> valid.round() == round)
          .ifPresent(valid -> sending.size(valid, true, now));
    }
    advance(now);
  }

  void restart(MonotonicTime now) {
    if (before.isEmpty() || paths.values().stream().anyMatch(path -> path.has(round))) {
      before = Optional.of(round);
    }
    follow(new Round(IceCredentials.random(random), config, role, random, steps), now);
    steps.tell(() -> new IceStep.Restarted(round.own().ufrag()));
    settle(now);
  }

  /** The peer has other credentials, and knows the present ones of this agent: both go together. */
  private void renew(MonotonicTime now) {
    Round fresh = new Round(round.own(), config, role, random, steps);
    round.locals().forEach(fresh::addLocal);
    round.punched().forEach(fresh::addPunched);
    if (round.prospects().localEnded()) {
      fresh.prospects().endLocal(now);
    }
    if (paths.values().stream().anyMatch(path -> path.has(round))) {
      before = Optional.of(round);
    }
    follow(fresh, now);
  }

  private void follow(Round next, MonotonicTime now) {
    before.flatMap(Round::checks).ifPresent(Checks::silenceAll);
    round = next;
    tieBreaker = random.nextLong();
    paths.values().forEach(ComponentPath::restarted);
    progress.restarted(now);
  }

  void close() {
    progress.close();
    paths.values().forEach(ComponentPath::end);
    connections.closeAll();
  }

  Optional<IcePath> path(ComponentId component) {
    return Optional.ofNullable(paths.get(component)).flatMap(ComponentPath::shown);
  }

  void sent(ComponentId component, MonotonicTime now) {
    Optional.ofNullable(paths.get(component))
        .flatMap(ComponentPath::used)
        .ifPresent(
            valid -> {
              valid.sent(now);
              valid.width().carried();
            });
  }

  void heard(Flow from, MonotonicTime now) {
    Optional<Valid> valid = valid(from);
    valid.ifPresent(its -> its.heard(now));
    if (role == IceRole.CONTROLLING
        && valid.filter(its -> path(its.pair()).isContradicted(its, now)).isPresent()
        && !now.isBefore(nextWonder)) {
      nextWonder = now.plus(WONDER);
      wonders = true;
      doubt(now);
    }
  }

  /** A padded check was answered. */
  void sized(Pair pair) {
    if (wonders && path(pair).selected().filter(its -> its.pair() == pair).isPresent()) {
      // The peer sends elsewhere although this works: it is told again.
      wonders = false;
      nominator.moved(pair);
    }
  }

  /** A padded check was not answered. */
  void unsized(Check check, MonotonicTime now) {
    ComponentPath path = path(check.pair());
    path.find(check.pair()).ifPresent(valid -> path.unsized(valid, check.begun(), now));
  }

  /** The first of those to be proven that a padded check may leave for now. */
  Optional<Valid> nextToProve(MonotonicTime now) {
    return toProve().filter(valid -> !now.isBefore(valid.width().notBefore())).findFirst();
  }

  private Stream<Valid> toProve() {
    return round.checks().stream()
        .filter(checks -> !config.lite())
        .flatMap(
            checks ->
                paths.values().stream()
                    .flatMap(path -> path.toProve(round, role == IceRole.CONTROLLING).stream())
                    .filter(valid -> !checks.isSizing(valid.pair())));
  }

  Optional<ComponentId> owner(Flow from) {
    return valid(from)
        .map(valid -> valid.pair().component())
        .or(() -> connections.lingersFor(from));
  }

  /** Whether the peer has checked a pair of this flow, and this side has yet to prove it. */
  boolean isPromising(Flow from) {
    return !progress.isOver()
        && rounds().stream()
            .anyMatch(
                each ->
                    each.hasEarly(from)
                        || each.list().pair(from).filter(Pair::isPromising).isPresent());
  }

  private Optional<Valid> valid(Flow flow) {
    return paths.values().stream().flatMap(path -> path.find(flow).stream()).findFirst();
  }

  List<PairFate> fates() {
    return round.list().pairs().stream().map(Pair::fate).toList();
  }

  /** The peer says that it plays the role that a check claimed for this agent. */
  void conflict(IceRole claimed) {
    if (claimed == role) {
      play(role.opposite(), "the peer plays the same one");
    }
    tieBreaker = random.nextLong();
  }

  /** The peer has taken a nomination. */
  Nomination nominated(Check check) {
    return nominator.done(check);
  }

  /** The peer sees a pair come from another address than before. */
  void moved(Pair pair) {
    nominator.moved(pair);
  }

  /** Another role: a conflict was settled, or the peer is lite. */
  void play(IceRole now, String why) {
    if (role != now) {
      role = now;
      round.list().playing(now);
      steps.tell(() -> new IceStep.RoleChanged(now, why));
    }
  }

  void request(Flow from, StunPacket packet, MonotonicTime now) {
    // Who answered after it failed would have the peer believe in a path that nobody uses.
    if (!progress.isOver() && !round.refuses(from.remote())) {
      requests.take(from, packet, now);
    }
  }

  void response(Flow from, StunPacket response, MonotonicTime now) {
    for (Round each : rounds()) {
      Optional<Check> check = each.checks().flatMap(all -> all.answered(from, response));
      if (check.isPresent()) {
        began(each, now);
        answers.take(each, check.get(), from, response, now);
        return;
      }
    }
  }

  /** The present one, and the one before as long as it carries data. */
  List<Round> rounds() {
    List<Round> all = new ArrayList<>();
    all.add(round);
    before.ifPresent(all::add);
    return all;
  }

  ComponentPath path(Pair pair) {
    return paths.computeIfAbsent(pair.component(), this::newPath);
  }

  private ComponentPath newPath(ComponentId component) {
    return new ComponentPath(component, keepalive, !config.lite(), steps);
  }

  void unreachable(Flow flow, CloseCause cause) {
    boolean hard = cause == CloseCause.REFUSED || cause == CloseCause.PROHIBITED;
    for (Round each : rounds()) {
      each.list()
          .pair(flow)
          .filter(pair -> hard && pair.state() == PairState.IN_PROGRESS)
          .ifPresent(pair -> pair.hint("the network says " + cause));
    }
  }

  void advance(MonotonicTime now) {
    if (!progress.isOver()) {
      ageing.advance(now);
      settle(now);
    }
  }

  /** Once a pair is selected, others are tried only while they may be better or stand by for it. */
  boolean isWanted(Pair pair) {
    ComponentPath path = path(pair);
    return pair.nominatesOnSuccess()
        || path.selected().isEmpty()
        || pair.priority() > path.selected().get().pair().priority()
        || path.wants(pair);
  }

  /** Whether a check is sent again: a nomination is while nothing better than its pair works. */
  boolean isWanted(Check check) {
    if (check.purpose() == CheckPurpose.SIZE) {
      return path(check.pair()).find(check.pair()).isPresent();
    }
    return isWanted(check.pair())
        || (check.purpose() == CheckPurpose.NOMINATION
            && path(check.pair())
                .best(round)
                .filter(best -> best.pair() == check.pair())
                .isPresent());
  }

  /** Does all that may be done now. */
  void settle(MonotonicTime now) {
    if (progress.isOver() || holdsBack) {
      return;
    }
    if (!config.lite()) {
      nominator.advance(now);
      sending.next(now);
    } else if (round.peer().filter(IceParameters::lite).isPresent()) {
      paths.values().forEach(path -> agree(path, now));
    }
    progress.tellPaths(round);
    if (before.isPresent() && paths.values().stream().allMatch(path -> path.has(round))) {
      paths.values().forEach(path -> path.leaveAllBut(round));
      before = Optional.empty();
      progress.tellPaths(round);
    }
    pairConnections.tidy(now);
    progress.conclude(round, now);
    if (progress.isOver()) {
      connections.closeAll();
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    if (progress.isOver()) {
      return Optional.empty();
    }
    List<MonotonicTime> all = new ArrayList<>();
    MonotonicTime slot = sending.nextSlot();
    MonotonicTime repeat = sending.nextRepeat();
    for (Round each : rounds()) {
      each.nextDue()
          .ifPresent(due -> all.add(due.isBefore(repeat) && each == round ? repeat : due));
    }
    if (round.checks().isPresent() && !config.lite() && round.hasNext(this::isWanted)) {
      all.add(slot);
    }
    toProve()
        .map(valid -> valid.width().notBefore())
        .min(Comparator.naturalOrder())
        .ifPresent(due -> all.add(due.isBefore(slot) ? slot : due));
    paths.values().forEach(path -> path.nextDeadline().ifPresent(all::add));
    progress.deadline(round).ifPresent(all::add);
    nominator.nextDeadline().ifPresent(all::add);
    pairConnections.nextDeadline().ifPresent(all::add);
    return all.isEmpty() ? Optional.empty() : Optional.of(Collections.min(all));
  }
}
