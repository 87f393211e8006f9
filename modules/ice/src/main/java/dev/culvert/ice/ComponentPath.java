package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The proven pairs of one component: which of them data goes on, and whether they still live (RFC
 * 7675). A path that falls silent is left for another before its consent ends.
 */
final class ComponentPath {
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final Duration DOUBT = Duration.ofMillis(500);
  private static final Duration GIVEN_UP = Duration.ofSeconds(2);
  private static final Duration PROBE = Duration.ofMillis(250);

  /** Proven pairs of one component that live: what data goes on, and two to replace it. */
  static final int ENOUGH = 3;

  private static final Duration STUCK = Duration.ofMillis(500);
  private static final Comparator<Valid> BY_PRIORITY =
      Comparator.comparingLong((Valid valid) -> valid.pair().priority());

  private final ComponentId component;
  private final Keepalive keepalive;
  private final boolean asks;
  private final Steps steps;
  private final List<Valid> valids = new ArrayList<>();
  private Optional<Valid> selected = Optional.empty();
  private Optional<Valid> used = Optional.empty();
  private Optional<MonotonicTime> firstValid = Optional.empty();
  private MonotonicTime seen = new MonotonicTime(0);

  /**
   * None proven yet.
   *
   * @param asks whether it asks for consent; a lite agent is asked instead
   */
  ComponentPath(ComponentId component, Keepalive keepalive, boolean asks, Steps steps) {
    this.steps = steps;
    this.component = component;
    this.keepalive = keepalive;
    this.asks = asks;
  }

  ComponentId component() {
    return component;
  }

  Optional<Valid> selected() {
    return selected;
  }

  /** What data goes on. */
  Optional<Valid> used() {
    return used;
  }

  /** The same for the owner. */
  Optional<IcePath> shown() {
    return used.map(
        valid ->
            new IcePath(
                component,
                valid.pair().shown().candidate(),
                valid.pair().remote().candidate(),
                valid.pair().flow(),
                selected.filter(valid::equals).isPresent(),
                valid.pair().roundTrip()));
  }

  /** Whether another pair that stands by is of use: there are few, or none on this relay. */
  boolean wants(Pair pair) {
    return valids.stream().filter(valid -> !valid.isSuspect()).count() < ENOUGH
        || (isFromRelay(pair) && valids.stream().noneMatch(valid -> sharesBase(valid, pair)));
  }

  private static boolean isFromRelay(Pair pair) {
    return pair.local().candidate().type() == CandidateType.RELAYED;
  }

  private static boolean sharesBase(Valid valid, Pair pair) {
    return valid.pair().local().base().equals(pair.local().base());
  }

  /** Whether a pair of this round carries, or could carry, data. */
  boolean has(Round round) {
    return best(round).isPresent();
  }

  /** When the first pair of the newest round was proven. */
  Optional<MonotonicTime> firstValid() {
    return firstValid;
  }

  List<Valid> valids() {
    return valids;
  }

  Optional<Valid> find(Flow flow) {
    return valids.stream().filter(valid -> valid.pair().isOn(flow)).findFirst();
  }

  Optional<Valid> find(Pair pair) {
    return valids.stream().filter(valid -> valid.pair() == pair).findFirst();
  }

  /**
   * A check has proven a pair, for the first time or again.
   *
   * @param moved whether the peer saw it come from another address than before
   */
  Valid proven(Round round, Pair pair, boolean moved, MonotonicTime now) {
    seen = now;
    Optional<Valid> known = find(pair);
    if (known.isPresent()) {
      if (moved) {
        expired(known.get().rest(), now);
      }
      known.get().proven(now);
      return known.get();
    }
    Valid fresh = new Valid(round, pair, now);
    fresh.nextConsent(now.plus(keepalive.next(true)));
    valids.add(fresh);
    if (firstValid.isEmpty()) {
      firstValid = Optional.of(now);
    }
    return fresh;
  }

  /**
   * Whether a pair's connection is to be kept, once one is selected: that of what data goes on, of
   * what may replace it, and of what may be better.
   */
  boolean needs(Pair pair, boolean isWanted) {
    if (!isWanted || selected.isEmpty() || isStuck()) {
      return isWanted;
    }
    if (find(pair).isEmpty() && pair.priority() > selected.get().pair().priority()) {
      return true;
    }
    Optional<Valid> standby =
        valids.stream()
            .filter(valid -> valid.pair().isTcp() && !isUsed(valid) && !valid.isSuspect())
            .max(BY_PRIORITY);
    return find(pair).map(this::isUsed).orElse(standby.isEmpty())
        || standby.filter(valid -> valid.pair() == pair).isPresent();
  }

  /** Two lite agents need no check to use their best pair, and ask for no consent. */
  void agree(Round round, Pair pair, MonotonicTime now) {
    if (find(pair).isEmpty()) {
      valids.clear();
      Valid agreed = new Valid(round, pair, now);
      agreed.holds();
      valids.add(agreed);
      selected = Optional.empty();
      nominate(agreed, Nomination.PLAIN);
      pair.is(PairState.SUCCEEDED, "both sides are lite");
    }
  }

  /** No data goes anywhere any more. */
  void end() {
    valids.clear();
    selected = Optional.empty();
    used = Optional.empty();
  }

  /** A pair can carry nothing any more: its connection ended. */
  void drop(Pair pair) {
    valids.removeIf(valid -> valid.pair() == pair);
    selected = selected.filter(valids::contains);
  }

  /** A restart: pairs of the new round count from now on, those before carry data until then. */
  void restarted() {
    selected = Optional.empty();
    firstValid = Optional.empty();
  }

  /** Pairs of other rounds are needed no more. */
  void leaveAllBut(Round round) {
    valids.removeIf(valid -> valid.round() != round);
  }

  /**
   * The peer, or this agent, nominated a pair. Of several the last one holds where they are
   * numbered, and else the best one (RFC 8445 §8.1.1, RFC 5245 for agents that nominate all).
   */
  void nominate(Valid valid, Nomination by) {
    valid.nominated(by);
    boolean replaces =
        selected
            .map(
                before ->
                    before.isSuspect()
                        || by.number() > before.nomination()
                        || (by.number() == before.nomination()
                            && BY_PRIORITY.compare(valid, before) > 0))
            .orElse(true);
    if (replaces) {
      selected = Optional.of(valid);
      steps.tell(() -> new IceStep.Selected(valid.pair().told()));
    }
  }

  /**
   * The best pair of a round that is not silent; where another just fell silent, one that has
   * answered since comes before one that is still asked.
   */
  Optional<Valid> best(Round round) {
    boolean alarmed =
        used.filter(Valid::isSuspect).isPresent() || selected.filter(Valid::isSuspect).isPresent();
    return valids.stream()
        .filter(valid -> valid.round() == round && !valid.isSuspect())
        .max(
            alarmed ? Comparator.comparing(this::answers).thenComparing(BY_PRIORITY) : BY_PRIORITY);
  }

  private boolean answers(Valid valid) {
    return valid.unheardSince().filter(since -> !seen.isBefore(since.plus(DOUBT))).isEmpty();
  }

  /**
   * Chooses what data goes on: what was selected, unless it is silent and another is not.
   *
   * @return whether that is something else than before
   */
  boolean choose(Round round) {
    Optional<Valid> before = used;
    Optional<Valid> sound = selected.filter(valid -> !valid.isSuspect());
    used = sound.or(() -> best(round)).or(() -> selected).or(() -> used.filter(valids::contains));
    if (used.isEmpty()) {
      used = valids.stream().max(BY_PRIORITY);
    }
    return !used.equals(before);
  }

  /** Whether data goes on something that is silent, for want of anything better. */
  boolean isStuck() {
    return used.filter(Valid::isSuspect).isPresent();
  }

  /**
   * Asks the peer for its consent where it is time, and more often where it is silent.
   *
   * @return pairs whose consent ended; they are not valid any more
   */
  List<Valid> advance(MonotonicTime now, Consumer<Valid> probe) {
    seen = now;
    List<Valid> ended = new ArrayList<>();
    boolean alarm = isAlarmed();
    for (Valid valid : List.copyOf(valids)) {
      if (valid.endsBy(now)) {
        valids.remove(valid);
        ended.add(valid);
      } else if (asks && (alarm || isKept(valid))) {
        ask(valid, alarm, now, probe);
      }
    }
    selected = selected.filter(valids::contains);
    return ended;
  }

  /** Whether data goes on it, or it stands by; what is more than that is left to end by itself. */
  private boolean isKept(Valid valid) {
    List<Valid> before =
        valids.stream()
            .filter(other -> other != valid && !other.isSuspect())
            .filter(other -> isUsed(other) || BY_PRIORITY.compare(other, valid) > 0)
            .toList();
    return isUsed(valid)
        || before.size() < ENOUGH
        || (isFromRelay(valid.pair())
            && before.stream().noneMatch(other -> sharesBase(other, valid.pair())));
  }

  private void ask(Valid valid, boolean alarm, MonotonicTime now, Consumer<Valid> probe) {
    valid
        .unheardSince()
        .filter(since -> !now.isBefore(since.plus(GIVEN_UP)))
        .filter(since -> !valid.isSuspect())
        .ifPresent(
            since -> {
              valid.suspect();
              steps.tell(() -> new IceStep.PairSilent(valid.pair().told()));
              expired(valid.rest(), now);
            });
    boolean urgent =
        !valid.isSuspect() && (isSilent(valid, now) || (alarm && valid.unheardSince().isEmpty()));
    MonotonicTime at = urgent ? sooner(valid, now) : valid.nextConsent();
    if (!now.isBefore(at)) {
      probe.accept(valid);
      valid.sent(now);
      MonotonicTime next = now.plus(untilNext(valid));
      if (urgent) {
        valid.nextConsentUnlessAnswered(now.plus(PROBE), next);
      } else {
        valid.nextConsent(next);
      }
    }
  }

  private Duration untilNext(Valid valid) {
    boolean used = isUsed(valid);
    return valid.isSuspect() && used ? STUCK : keepalive.next(used || valid.isSuspect());
  }

  /** A pair fell silent, or the peer saw it come from elsewhere, after a rest. */
  private void expired(Duration rest, MonotonicTime now) {
    if (asks && keepalive.expired(rest)) {
      hasten(now);
    }
  }

  private static MonotonicTime sooner(Valid valid, MonotonicTime now) {
    MonotonicTime latest = now.plus(PROBE);
    return valid.nextConsent().isBefore(latest) ? valid.nextConsent() : now;
  }

  /** Whether what data goes on is silent. */
  private boolean isAlarmed() {
    return used.filter(valid -> isSilent(valid, seen)).isPresent();
  }

  private static boolean isSilent(Valid valid, MonotonicTime now) {
    return valid.unheardSince().filter(since -> !now.isBefore(since.plus(SILENCE))).isPresent();
  }

  private boolean isUsed(Valid valid) {
    return used.filter(valid::equals).isPresent() || selected.filter(valid::equals).isPresent();
  }

  /** Somebody misses data on it. */
  void doubt(MonotonicTime now) {
    used.filter(valid -> asks && valid.unheardSince().isEmpty())
        .ifPresent(valid -> valid.nextConsent(now));
  }

  /** Mappings live for less time than was thought. */
  void hasten(MonotonicTime now) {
    for (Valid valid : valids) {
      valid.nextConsent(earlier(valid.nextConsent(), now.plus(keepalive.next(isUsed(valid)))));
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    return valids.stream()
        .filter(valid -> !valid.holdsAnyway())
        .map(this::wakes)
        .min(Comparator.naturalOrder());
  }

  private MonotonicTime wakes(Valid valid) {
    if (!asks || !(isKept(valid) || isAlarmed())) {
      return valid.consentEnds();
    }
    MonotonicTime first = earlier(valid.nextConsent(), valid.consentEnds());
    if (valid.unheardSince().isEmpty() || valid.isSuspect()) {
      return first;
    }
    MonotonicTime alarm = valid.unheardSince().get().plus(SILENCE);
    boolean rung = !seen.isBefore(alarm);
    return earlier(first, rung ? valid.unheardSince().get().plus(GIVEN_UP) : alarm);
  }

  private static MonotonicTime earlier(MonotonicTime one, MonotonicTime other) {
    return one.isBefore(other) ? one : other;
  }
}
