package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The pairs of one generation of candidates, over all streams (RFC 8445 §6.1.2): which there are,
 * which waits for which, and which is next.
 */
final class CheckList {
  private static final Comparator<Pair> BEST_FIRST =
      Comparator.comparingLong(Pair::priority).reversed();

  /** By stream, then by component, then the best (RFC 8445 §6.1.2.6). */
  private static final Comparator<Pair> FIRST =
      Comparator.comparingInt((Pair pair) -> pair.component().stream())
          .thenComparingInt(pair -> pair.component().component())
          .thenComparing(BEST_FIRST);

  private final int limit;
  private final Steps steps;
  private final Map<Own, LocalCandidate> locals = new LinkedHashMap<>();
  private final Map<Base, LocalCandidate> bases = new HashMap<>();
  private final Map<ComponentId, Map<Remote, RemoteCandidate>> remotes = new HashMap<>();
  private final List<Pair> pairs = new ArrayList<>();
  private IceRole role;
  private int remoteCount;
  private final Map<ComponentId, Integer> told = new HashMap<>();
  private final Set<Base> alone = new HashSet<>();

  /** Active TCP candidates of several components may share a base: each connection is new. */
  private record Own(Base base, Optional<ComponentId> component) {}

  private record Remote(TransportAddress address, Transport transport) {}

  /**
   * No pairs yet.
   *
   * @param limit the most remote candidates, and the most pairs
   */
  CheckList(int limit, IceRole role, Steps steps) {
    this.steps = steps;
    this.limit = limit;
    this.role = role;
  }

  /** The most remote candidates, and the most pairs. */
  int limit() {
    return limit;
  }

  /** Pairs, best first. */
  List<Pair> pairs() {
    return pairs;
  }

  Stream<Pair> of(ComponentId component) {
    return pairs.stream().filter(pair -> pair.component().equals(component));
  }

  /**
   * Adds a candidate that is its own base; others of that base add no pairs (RFC 8445 §6.1.2.4).
   */
  void add(LocalCandidate local) {
    boolean active = local.candidate().tcpType().filter(TcpType.ACTIVE::equals).isPresent();
    Own own =
        new Own(
            local.base(), active ? Optional.of(local.candidate().component()) : Optional.empty());
    if (locals.putIfAbsent(own, local) == null) {
      alone.remove(local.base());
      bases.putIfAbsent(local.base(), local);
      told(local.candidate().component());
      remotes.getOrDefault(local.candidate().component(), Map.of()).values().stream()
          .filter(remote -> fit(local, remote.candidate(), remote.address()))
          .forEach(remote -> insert(new Pair(local, remote, role, steps)));
    }
  }

  /** A candidate of this agent that the peer may be told of. */
  void told(ComponentId component) {
    told.merge(component, 1, Integer::sum);
  }

  /** How many pairs the peer has at most, if it has no more candidates than are known. */
  int mostPairsOfPeer() {
    int most = 0;
    for (Map.Entry<ComponentId, Integer> each : told.entrySet()) {
      most += each.getValue() * remotes.getOrDefault(each.getKey(), Map.of()).size();
    }
    return Math.min(limit, Math.max(1, most));
  }

  /** Whether this agent has a TCP candidate. */
  boolean hasTcp() {
    return locals.values().stream()
        .anyMatch(local -> local.candidate().transport() == Transport.TCP);
  }

  /** How many components have a candidate of this agent, at least one. */
  int components() {
    return Math.max(1, told.size());
  }

  /** Whether nothing of this component is tried or will be. */
  boolean isSpent(ComponentId component) {
    return of(component).allMatch(pair -> pair.state() == PairState.FAILED);
  }

  /** Adds a candidate of the peer, or learns more of one that a check had shown. */
  Optional<RemoteCandidate> add(Candidate candidate, TransportAddress address) {
    Map<Remote, RemoteCandidate> known =
        remotes.computeIfAbsent(candidate.component(), component -> new LinkedHashMap<>());
    Remote key = new Remote(address, candidate.transport());
    RemoteCandidate before = known.get(key);
    if (before != null) {
      if (before.candidate().type() == CandidateType.PEER_REFLEXIVE
          && candidate.type() != CandidateType.PEER_REFLEXIVE) {
        before.isNow(candidate);
        steps.tell(() -> new IceStep.RemoteAdded(candidate));
        playing(role);
      }
      return Optional.of(before);
    }
    if (remoteCount >= limit) {
      return Optional.empty();
    }
    remoteCount++;
    RemoteCandidate remote = new RemoteCandidate(candidate, address);
    known.put(key, remote);
    steps.tell(() -> new IceStep.RemoteAdded(candidate));
    locals.values().stream()
        .filter(local -> fit(local, candidate, address))
        .forEach(local -> insert(new Pair(local, remote, role, steps)));
    return Optional.of(remote);
  }

  Optional<RemoteCandidate> remote(
      ComponentId component, TransportAddress address, Transport transport) {
    return Optional.ofNullable(
        remotes.getOrDefault(component, Map.of()).get(new Remote(address, transport)));
  }

  private static boolean fit(LocalCandidate local, Candidate remote, TransportAddress address) {
    Candidate own = local.candidate();
    return own.component().equals(remote.component())
        && own.transport() == remote.transport()
        && own.tcpType().filter(TcpType.PASSIVE::equals).isEmpty()
        && own.tcpType().map(TcpType::counterpart).equals(remote.tcpType())
        && local.base().address().isIpv4() == address.isIpv4()
        && local.base().address().ip().isLinkLocalAddress() == address.ip().isLinkLocalAddress()
        && !isOutOfReach(own, remote, address)
        && address.port() != 0;
  }

  /** A relay in the Internet is in nobody's private network, unless the peer's check shows it. */
  private static boolean isOutOfReach(Candidate own, Candidate remote, TransportAddress address) {
    return own.type() == CandidateType.RELAYED
        && remote.type() == CandidateType.HOST
        && address.ip().isSiteLocalAddress()
        && own.address().known().filter(its -> !its.ip().isSiteLocalAddress()).isPresent();
  }

  /** The local candidate behind a flow, if it is one of ours. */
  Optional<LocalCandidate> local(Flow flow) {
    return Optional.ofNullable(bases.get(new Base(flow.id(), flow.transport(), flow.local())));
  }

  /** The local candidate that an accepted connection came to, if it is one of ours. */
  Optional<LocalCandidate> listener(Flow accepted) {
    return accepted.id() >= 0
        ? Optional.empty()
        : bases.values().stream()
            .filter(each -> each.candidate().transport() == Transport.TCP)
            .filter(each -> each.candidate().tcpType().get() != TcpType.ACTIVE)
            .filter(each -> each.base().address().equals(accepted.local()))
            .findFirst();
  }

  /** The pair of the two, whoever connects; it is made if there is none. */
  Optional<Pair> pair(LocalCandidate local, RemoteCandidate remote) {
    Optional<Pair> known = find(local, remote);
    if (known.isEmpty()) {
      insert(new Pair(local, remote, role, steps));
    }
    return known.or(() -> find(local, remote));
  }

  private Optional<Pair> find(LocalCandidate local, RemoteCandidate remote) {
    return pairs.stream()
        .filter(pair -> pair.local().equals(local) && pair.remote().equals(remote))
        .findFirst();
  }

  Optional<Pair> pair(Flow flow) {
    return pairs.stream().filter(pair -> pair.isOn(flow)).findFirst();
  }

  private void insert(Pair pair) {
    if (pairs.size() >= limit) {
      Optional<Pair> worst =
          pairs.stream()
              .filter(CheckList::isIdle)
              .min(Comparator.comparingLong(Pair::priority))
              .filter(other -> other.priority() < pair.priority());
      if (worst.isEmpty()) {
        return;
      }
      pairs.remove(worst.get());
      steps.tell(() -> new IceStep.PairDropped(worst.get().told()));
    }
    pairs.add(pair);
    pairs.sort(BEST_FIRST);
    steps.tell(() -> new IceStep.PairMade(pair.told(), pair.priority()));
    thaw(pair);
  }

  private static boolean isIdle(Pair pair) {
    return pair.state() == PairState.FROZEN
        || pair.state() == PairState.WAITING
        || pair.state() == PairState.FAILED;
  }

  /**
   * The pair of a hole that was punched. Nothing else is tried from its socket unless a candidate
   * of this agent has it, nor to its far end unless the peer tells of that.
   *
   * @param remote the far end, as far as nothing better is known of it
   */
  Optional<Pair> punched(LocalCandidate local, Candidate remote, TransportAddress address) {
    if (bases.putIfAbsent(local.base(), local) == null) {
      alone.add(local.base());
    }
    Map<Remote, RemoteCandidate> known =
        remotes.computeIfAbsent(remote.component(), component -> new LinkedHashMap<>());
    Remote key = new Remote(address, remote.transport());
    if (!known.containsKey(key)) {
      if (remoteCount >= limit) {
        return Optional.empty();
      }
      remoteCount++;
      known.put(key, new RemoteCandidate(remote, address));
      steps.tell(() -> new IceStep.RemoteAdded(remote));
    }
    return pair(bases.get(local.base()), known.get(key));
  }

  /** Whether a base has no pairs but those of holes that were punched. */
  boolean isAlone(Base base) {
    return alone.contains(base);
  }

  /** Who is who has changed (RFC 8445 §7.3.1.1). */
  void playing(IceRole now) {
    role = now;
    pairs.forEach(pair -> pair.playing(now));
    pairs.sort(BEST_FIRST);
  }

  /**
   * Of each foundation the first pair waits for its turn, by stream, component and priority, and
   * the others for what becomes of it (RFC 8445 §6.1.2.6); a pair that comes late takes the place
   * of one that has not left yet (RFC 8838 §12).
   */
  private void thaw(Pair fresh) {
    List<Pair> like =
        pairs.stream()
            .filter(pair -> pair != fresh && pair.foundation().equals(fresh.foundation()))
            .toList();
    if (like.stream().anyMatch(pair -> pair.state() == PairState.SUCCEEDED)) {
      fresh.is(PairState.WAITING, "another of its foundation works");
      return;
    }
    List<Pair> tried = like.stream().filter(CheckList::isTried).toList();
    if (tried.stream().allMatch(pair -> pair.isUntouched() && FIRST.compare(fresh, pair) < 0)) {
      tried.forEach(pair -> pair.is(PairState.FROZEN, "another of its foundation comes first"));
      fresh.is(PairState.WAITING, "the first of its foundation");
    }
  }

  private static boolean isTried(Pair pair) {
    return pair.state() == PairState.WAITING || pair.state() == PairState.IN_PROGRESS;
  }

  /** One of a foundation has succeeded: so may the others (RFC 8445 §7.2.5.3.3). */
  void thawLike(Pair proven) {
    pairs.stream()
        .filter(pair -> pair.state() == PairState.FROZEN)
        .filter(pair -> pair.foundation().equals(proven.foundation()))
        .forEach(pair -> pair.is(PairState.WAITING, "another of its foundation works"));
  }

  /** Whose turn it is in a stream, of those that are wanted (RFC 8445 §6.1.4.2). */
  Optional<Pair> next(int stream, Predicate<Pair> isWanted) {
    Optional<Pair> waiting = in(stream, PairState.WAITING).filter(isWanted).findFirst();
    return waiting.or(
        () ->
            in(stream, PairState.FROZEN)
                .filter(pair -> isAlone(pair, isWanted))
                .filter(isWanted)
                .findFirst());
  }

  private Stream<Pair> in(int stream, PairState state) {
    return pairs.stream()
        .filter(pair -> pair.state() == state && pair.component().stream() == stream);
  }

  /** Whether no other of its foundation is under way, or will be. */
  private boolean isAlone(Pair frozen, Predicate<Pair> isWanted) {
    return pairs.stream()
        .filter(
            pair ->
                pair.state() == PairState.IN_PROGRESS
                    || (pair.state() == PairState.WAITING && isWanted.test(pair)))
        .noneMatch(pair -> pair.foundation().equals(frozen.foundation()));
  }

  /** Pairs of a component that may still succeed, of more priority than another. */
  boolean mayBeat(Pair other) {
    return of(other.component())
        .anyMatch(
            pair ->
                pair.priority() > other.priority()
                    && (isTried(pair) || pair.state() == PairState.FROZEN));
  }

  /** Nothing is tried any more. */
  void giveUp() {
    pairs.stream()
        .filter(pair -> pair.state() != PairState.SUCCEEDED && pair.state() != PairState.FAILED)
        .forEach(pair -> pair.failed("no answer"));
  }

  /** What failed is tried again, unless only the other side can. */
  void retry(String why, Predicate<Pair> isWorthIt) {
    pairs.stream()
        .filter(pair -> !pair.isWaitingForPeer() && !pair.isGone())
        .filter(isWorthIt)
        .filter(pair -> pair.state() == PairState.FAILED)
        .forEach(pair -> pair.is(PairState.WAITING, why));
  }

  /** Pairs nothing with a base any more; the pairs that it has. */
  List<Pair> remove(long base) {
    locals.values().removeIf(local -> local.base().id() == base);
    alone.removeIf(each -> each.id() == base);
    return pairs.stream().filter(pair -> pair.local().base().id() == base).toList();
  }

  /** Whether the peer told nothing, and showed nothing. */
  boolean hasNoRemotes() {
    return remoteCount == 0;
  }

  /** Whether this side has nothing to send from. */
  boolean hasNoLocals() {
    return locals.isEmpty() && alone.isEmpty();
  }
}
