package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * One generation of credentials and candidates on both sides, from one start or restart to the next
 * (RFC 8445 §9): its pairs, its checks, and what waits for its turn.
 */
final class Round {
  private static final int MOST_EARLY = 32;

  /** Whoever asks for less would have us wait for ever. */
  private static final Duration SLOWEST_PACING = Duration.ofMillis(500);

  private static final Duration LEAST_REPEAT_PACING = Duration.ofMillis(20);

  private static final Duration STANDARD_PACING = Duration.ofMillis(50);

  private static final Deque<Pair> NONE = new ArrayDeque<>();

  private final IceCredentials own;
  private final IntegrityKey key;
  private final CheckList list;
  private final RandomGenerator random;
  private final Map<Base, List<LocalCandidate>> reflexive = new HashMap<>();
  private final List<LocalCandidate> locals = new ArrayList<>();
  private final List<Punched> punched = new ArrayList<>();
  private final List<Integer> streams;
  private final Map<Integer, Deque<Pair>> triggered = new HashMap<>();
  private final Set<TransportAddress> refused = new HashSet<>();
  private final List<Early> early = new ArrayList<>();
  private Optional<IceParameters> peer = Optional.empty();
  private Optional<Checks> checks = Optional.empty();
  private Duration pacing;
  private int turn;
  private final Prospects prospects = new Prospects();

  /** A check that came before the peer's description (RFC 8445 §7.3). */
  record Early(
      Flow flow, long priority, boolean useCandidate, boolean padded, Nomination nomination) {}

  /** A hole that was punched: a socket of this side's, and where the peer is behind it. */
  record Punched(LocalCandidate local, TransportAddress remote) {}

  Round(IceCredentials own, IceConfig config, IceRole role, RandomGenerator random, Steps steps) {
    this.own = own;
    this.key = IntegrityKey.shortTerm(own.password());
    this.list = new CheckList(config.mostPairs(), role, steps);
    this.pacing = config.pacing();
    this.random = random;
    this.streams = config.components().stream().map(ComponentId::stream).distinct().toList();
  }

  IceCredentials own() {
    return own;
  }

  /** What protects the peer's checks. */
  IntegrityKey key() {
    return key;
  }

  CheckList list() {
    return list;
  }

  Optional<IceParameters> peer() {
    return peer;
  }

  Optional<Checks> checks() {
    return checks;
  }

  Duration pacing() {
    return pacing;
  }

  /** The same for checks that were sent before: what nobody answered is in less of a hurry. */
  Duration repeatPacing() {
    return pacing.compareTo(LEAST_REPEAT_PACING) < 0 ? LEAST_REPEAT_PACING : pacing;
  }

  /** The peer's description has come (RFC 8445 §14.2: the slower of both sets the pace). */
  void begin(IceParameters parameters) {
    peer = Optional.of(parameters);
    checks = Optional.of(new Checks(random, own, parameters.credentials()));
    Duration theirs = parameters.pacing().orElse(STANDARD_PACING);
    theirs = theirs.compareTo(SLOWEST_PACING) > 0 ? SLOWEST_PACING : theirs;
    pacing = pacing.compareTo(theirs) < 0 ? theirs : pacing;
  }

  boolean wants(String option) {
    return peer.filter(parameters -> parameters.options().contains(option)).isPresent();
  }

  /** The policy leaves this address of the peer out, whoever begins. */
  void refuse(TransportAddress address) {
    if (refused.size() < list.limit()) {
      refused.add(address);
    }
  }

  boolean refuses(TransportAddress address) {
    return refused.contains(address);
  }

  boolean hasRefused() {
    return !refused.isEmpty();
  }

  /** Adds a candidate of this agent; one that is not its own base adds no pairs. */
  void addLocal(LocalCandidate candidate) {
    locals.add(candidate);
    CandidateType type = candidate.candidate().type();
    if (type == CandidateType.HOST || type == CandidateType.RELAYED) {
      list.add(candidate);
    } else {
      addReflexive(candidate);
    }
  }

  /** Leaves the candidates of a base, and tells their pairs. */
  List<Pair> removeLocal(long base) {
    locals.removeIf(each -> each.base().id() == base);
    punched.removeIf(each -> each.local().base().id() == base);
    reflexive.keySet().removeIf(each -> each.id() == base);
    List<Pair> gone = list.remove(base);
    triggered.values().forEach(queue -> queue.removeAll(gone));
    return gone;
  }

  /**
   * Adds the pair of a hole that was punched, and has it checked soon.
   *
   * @return whether there was room
   */
  boolean addPunched(Punched hole) {
    Candidate own = hole.local().candidate();
    Optional<Pair> pair =
        list.punched(
            hole.local(),
            farEnd(own, hole.remote(), Priorities.ofPeerReflexive(own)),
            hole.remote());
    if (pair.isEmpty()) {
      return false;
    }
    if (!punched.contains(hole)) {
      punched.add(hole);
    }
    if (pair.get().state() != PairState.SUCCEEDED && pair.get().state() != PairState.IN_PROGRESS) {
      pair.get().is(PairState.WAITING, "it was punched open");
      enqueue(pair.get());
    }
    return true;
  }

  List<Punched> punched() {
    return punched;
  }

  /** The peer's end of a pair, as long as nothing is known but where it is. */
  Candidate farEnd(Candidate own, TransportAddress address, long priority) {
    return new Candidate(
        "seen" + Integer.toUnsignedString(random.nextInt(), 36),
        own.component(),
        own.transport(),
        Math.max(1, Math.min(priority, 0x7fff_ffffL)),
        new CandidateAddress.Ip(address),
        CandidateType.PEER_REFLEXIVE,
        Optional.empty(),
        own.tcpType().map(TcpType::counterpart));
  }

  List<LocalCandidate> locals() {
    return locals;
  }

  private void addReflexive(LocalCandidate candidate) {
    reflexive.computeIfAbsent(candidate.base(), base -> new ArrayList<>()).add(candidate);
    list.told(candidate.candidate().component());
  }

  List<LocalCandidate> reflexive(Base base) {
    return reflexive.getOrDefault(base, List.of());
  }

  void keep(Early check) {
    if (early.size() < MOST_EARLY) {
      early.add(check);
    }
  }

  /** Whether the peer has checked this flow before it told of itself. */
  boolean hasEarly(Flow from) {
    return early.stream().anyMatch(check -> check.flow().equals(from));
  }

  List<Early> takeEarly() {
    List<Early> all = List.copyOf(early);
    early.clear();
    return all;
  }

  void trigger(Pair pair) {
    pair.triggered();
    enqueue(pair);
  }

  private void enqueue(Pair pair) {
    Deque<Pair> queue =
        triggered.computeIfAbsent(pair.component().stream(), stream -> new ArrayDeque<>());
    if (!queue.contains(pair)) {
      queue.add(pair);
    }
  }

  /**
   * Whose turn it is: the streams take turns, and in each those that were triggered come before
   * those that wait (RFC 8445 §6.1.4.2).
   */
  Optional<Pair> next(Predicate<Pair> isWanted) {
    for (int i = 0; i < streams.size(); i++) {
      int stream = streams.get((turn + i) % streams.size());
      Optional<Pair> pair = takeTriggered(stream).or(() -> list.next(stream, isWanted));
      if (pair.isPresent()) {
        turn = (turn + i + 1) % streams.size();
        return pair;
      }
    }
    return Optional.empty();
  }

  private Optional<Pair> takeTriggered(int stream) {
    Deque<Pair> queue = triggered.getOrDefault(stream, NONE);
    while (!queue.isEmpty()) {
      Pair pair = queue.remove();
      if (pair.state() != PairState.SUCCEEDED) {
        return Optional.of(pair);
      }
    }
    return Optional.empty();
  }

  boolean hasNext(Predicate<Pair> isWanted) {
    return triggered.values().stream()
            .flatMap(Deque::stream)
            .anyMatch(pair -> pair.state() != PairState.SUCCEEDED)
        || streams.stream().anyMatch(stream -> list.next(stream, isWanted).isPresent());
  }

  /** The wait before a check is repeated grows with the number of checks (RFC 8445 §14.3). */
  Duration leastWait() {
    return repeatPacing().multipliedBy(checks.map(Checks::size).orElse(0L));
  }

  Prospects prospects() {
    return prospects;
  }

  Optional<MonotonicTime> nextDue() {
    return checks.flatMap(Checks::nextDue);
  }
}
