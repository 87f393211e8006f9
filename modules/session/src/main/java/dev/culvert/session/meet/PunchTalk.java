package dev.culvert.session.meet;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.IceState;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortRule;
import dev.culvert.punch.PortSeries;
import dev.culvert.punch.PunchEvent;
import dev.culvert.punch.PunchPlan;
import dev.culvert.punch.PunchSecret;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.PeerLink;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Punching for one call: views are told, the caller asks for an attempt, the callee says when, and
 * both begin; again after growing pauses as long as there is no direct path.
 */
final class PunchTalk {
  /** Plain ICE needs no help where it has a direct path by then. */
  private static final Duration GRACE = Duration.ofMillis(300);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /** Signals may have to be said again, over another node. */
  private static final Duration ANSWER = Duration.ofSeconds(12);

  /** No peer makes this side look more often. */
  private static final Duration CALM = Duration.ofSeconds(1);

  /** NATs change, and servers err. */
  private static final Duration STALE = Duration.ofMinutes(2);

  /** A busy host, or a crowd, makes ports look random that are not. */
  private static final Duration FIRST_REVIEW = Duration.ofSeconds(20);

  /** What other calls have had measured since then need not be measured again. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  /** About how long a look takes. */
  private static final Duration LOOK = Duration.ofMillis(100);

  /** What ICE takes to move data to a path that was opened. */
  private static final Duration MOVING = Duration.ofSeconds(3);

  private static final String WALL = "both are behind one NAT that does not hairpin";
  private static final int MOST_RELAYS = 64;

  /** No link keeps as many. */
  private static final int MOST_OPENED = 16;

  private final long call;
  private final boolean caller;
  private final PeerLink link;
  private final Surroundings around;
  private final Map<Flow, PunchPlan.Kind> opened = new LinkedHashMap<>();
  private final Set<InetAddress> relays = new HashSet<>();
  private final Allowance allowance = new Allowance();
  private PortSeries series = new PortSeries();
  private Optional<NatTraits> theirs = Optional.empty();
  private Optional<NatTraits> mine = Optional.empty();
  private Optional<NatTraits> told = Optional.empty();
  private Optional<PunchNote.Ask> asked = Optional.empty();
  private Optional<PunchTry> current = Optional.empty();
  private Optional<PunchSecret> secret = Optional.empty();
  private Optional<MonotonicTime> answerBy = Optional.empty();
  private Optional<MonotonicTime> moveBy = Optional.empty();
  private Optional<MonotonicTime> missing = Optional.empty();
  private Optional<MonotonicTime> began = Optional.empty();
  private Optional<MonotonicTime> reviewAt = Optional.empty();
  private Duration reviewPause = FIRST_REVIEW;
  private Optional<String> stays = Optional.empty();
  private Duration roundTrip = Duration.ofMillis(200);
  private Duration pause = FIRST_PAUSE;
  private MonotonicTime notBefore = new MonotonicTime(0);
  private MonotonicTime calmUntil = new MonotonicTime(0);
  private int attempt;
  private MonotonicTime steppedAt = new MonotonicTime(0);
  private boolean theirsIsNone;
  private boolean toldNone;
  private boolean walled;
  private boolean succeeded;
  private boolean done;

  /** What all calls share. */
  interface Surroundings {
    /** Whether a relay of this side's is there. */
    boolean isRelay(InetAddress ip);

    /** What stands before this host; begins to measure that unless it is known. */
    Optional<NatTraits> view(MonotonicTime now);

    /** Whether nothing can be known of it. */
    boolean isBlind();

    /** What is known has failed, and may be stale. */
    void doubt(Duration age, MonotonicTime now);

    /** A look at fresh ports; empty where there is no socket or no server for it. */
    Optional<PunchTry> look(MonotonicTime now);

    void begin(
        PunchTry its,
        PunchPlan plan,
        PunchSecret secret,
        boolean leads,
        MonotonicTime start,
        Duration roundTrip,
        MonotonicTime now);

    /** The try is over; its outputs are still to be taken. */
    void over(PunchTry its);

    void close(long socket);

    Bytes freshKey();

    void say(long call, PunchNote note);

    void tell(long call, PunchNews news);
  }

  PunchTalk(long call, boolean caller, PeerLink link, Surroundings around) {
    this.call = call;
    this.caller = caller;
    this.link = link;
    this.around = around;
  }

  /** The plan that opened the path on which data goes. */
  Optional<PunchPlan.Kind> plan() {
    return link.path().map(IcePath::flow).map(opened::get);
  }

  /** Whether data goes without a relay. */
  boolean isDirect() {
    return link.path().filter(its -> !its.isRelayed() && !isAtRelay(its.remote())).isPresent();
  }

  /** A relay that the peer has not told of, or not again, shows itself by its checks alone. */
  private boolean isAtRelay(Candidate remote) {
    return remote.type() == CandidateType.PEER_REFLEXIVE
        && remote
            .address()
            .known()
            .filter(its -> relays.contains(its.ip()) || around.isRelay(its.ip()))
            .isPresent();
  }

  /** The peer has told these. */
  void heard(List<Candidate> candidates) {
    candidates.stream()
        .filter(its -> its.type() == CandidateType.RELAYED && relays.size() < MOST_RELAYS)
        .flatMap(its -> its.address().known().stream())
        .forEach(its -> relays.add(its.ip()));
  }

  /** How long the way over the nodes is. */
  void measured(Duration there) {
    roundTrip = there;
  }

  Optional<PunchTry> current() {
    return current;
  }

  /** Whether an attempt is under way, or the views for one are. */
  boolean isHopeful() {
    return !done && (current.isPresent() || stays.isEmpty());
  }

  void take(PunchNote note, MonotonicTime now) {
    if (note instanceof PunchNote.Seen seen) {
      take(seen, now);
    } else {
      theirs = Optional.empty();
      theirsIsNone = true;
      step(now);
    }
  }

  private void take(PunchNote.Seen note, MonotonicTime now) {
    theirsIsNone = false;
    if (note instanceof PunchNote.Go go) {
      go(go, now);
      return;
    }
    if (note instanceof PunchNote.Ask ask) {
      boolean fresh = !caller && ask.attempt() > attempt && !now.isBefore(calmUntil);
      if (fresh) {
        // The caller has given up what was before.
        leave(now);
        asked = Optional.of(ask);
        calmUntil = now.plus(CALM);
      }
    } else {
      // Somebody who says so again is somewhere else.
      begin(now);
    }
    theirs = Optional.of(note.traits());
    step(now);
  }

  /** One of the two is in another network: nothing that was tried before counts. */
  void begin(MonotonicTime now) {
    pause = FIRST_PAUSE;
    notBefore = caller && now.isBefore(calmUntil) ? calmUntil : now;
    stays = Optional.empty();
    walled = false;
    allowance.clear();
  }

  /** This host is in another network. */
  void moved(MonotonicTime now) {
    leave(now);
    asked = Optional.empty();
    told = Optional.empty();
    toldNone = false;
    series = new PortSeries();
    reviewAt = Optional.empty();
    reviewPause = FIRST_REVIEW;
    begin(now);
  }

  /** Ends it with the call. */
  void close(MonotonicTime now) {
    done = true;
    leave(now);
  }

  private void leave(MonotonicTime now) {
    current.ifPresent(
        its -> {
          Optional<PunchPlan> plan = began.isPresent() ? its.plan() : Optional.empty();
          plan.filter(tried -> !succeeded)
              .ifPresent(tried -> allowance.spent(tried.kind(), began.orElse(now), now));
          its.close(now);
          around.over(its);
        });
    current = Optional.empty();
    answerBy = Optional.empty();
    began = Optional.empty();
    secret = Optional.empty();
    succeeded = false;
  }

  /** Does what can be done by now. */
  void step(MonotonicTime now) {
    if (done) {
      return;
    }
    steppedAt = now;
    progress(now);
    if (isDirect()) {
      if (missing.isPresent()) {
        // What is lost after that is punched again at once.
        notBefore = now.plus(CALM);
      }
      missing = Optional.empty();
      moveBy = Optional.empty();
      asked = Optional.empty();
      pause = FIRST_PAUSE;
      // The other side may have yet to hear of what was opened.
      if (current.isPresent() && !succeeded) {
        leave(now);
      }
      return;
    }
    missing = missing.or(() -> Optional.of(now));
    if (moveBy.filter(end -> !now.isBefore(end)).isPresent()) {
      // ICE takes a relay that it was not told of for something better; all is told anew.
      moveBy = Optional.empty();
      link.restart(now);
    }
    if (now.isBefore(missing.get().plus(GRACE)) && theirs.isEmpty()) {
      return;
    }
    Optional<NatTraits> view = around.view(now);
    if (view.isEmpty()) {
      if (around.isBlind()) {
        blind();
      }
      return;
    }
    if (told.filter(its -> isLike(its, view.get())).isEmpty()) {
      told = view;
      toldNone = false;
      around.say(call, new PunchNote.View(view.get()));
    }
    if (theirsIsNone) {
      stay("no server answers the other side over UDP");
    }
    if (theirs.isPresent() && current.isEmpty()) {
      attempt(view.get(), theirs.get(), now);
    }
  }

  private void blind() {
    if (!toldNone) {
      toldNone = true;
      around.say(call, new PunchNote.None());
    }
    stay("no server answers this side over UDP");
  }

  private void attempt(NatTraits view, NatTraits peer, MonotonicTime now) {
    PunchPlan plan = PunchPlan.choose(view, peer);
    if (!plan.isAttempted() || walled) {
      asked = Optional.empty();
      stay(walled ? WALL : plan.reason());
      review(view, now);
      return;
    }
    reviewAt = Optional.empty();
    stays = Optional.empty();
    if (caller ? !now.isBefore(notBefore) : asked.isPresent()) {
      attempt = caller ? attempt + 1 : asked.orElseThrow().attempt();
      if (caller) {
        calmUntil = now.plus(CALM);
      }
      current = around.look(now);
      if (current.isEmpty()) {
        asked = Optional.empty();
        retry(now);
      }
    }
  }

  /** Whether another measurement would have led to the same plans. */
  private static boolean isLike(NatTraits one, NatTraits other) {
    return one.mapping() == other.mapping()
        && one.filtering() == other.filtering()
        && one.ports().order() == other.ports().order();
  }

  /** Has ports that look random looked at again, ever more rarely. */
  private void review(NatTraits view, MonotonicTime now) {
    PortRule.Order order = view.ports().order();
    if (walled || (order != PortRule.Order.RANDOM && order != PortRule.Order.UNKNOWN)) {
      return;
    }
    if (reviewAt.isEmpty()) {
      reviewAt = Optional.of(now.plus(reviewPause));
    } else if (!now.isBefore(reviewAt.get())) {
      reviewPause = longer(reviewPause);
      reviewAt = Optional.of(now.plus(reviewPause));
      around.doubt(FRESH, now);
      around.view(now);
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  private void stay(String reason) {
    if (!stays.equals(Optional.of(reason))) {
      stays = Optional.of(reason);
      around.tell(call, new PunchNews.Stays(reason));
    }
  }

  /** Takes what came of the try that is under way. */
  private void progress(MonotonicTime now) {
    if (current.isEmpty()) {
      return;
    }
    PunchTry its = current.get();
    if (began.isEmpty() && answerBy.isEmpty()) {
      looked(its, now);
    }
    if (answerBy.filter(end -> !now.isBefore(end)).isPresent()) {
      leave(now);
      retry(now);
      return;
    }
    its.pollEvent().ifPresent(event -> take(event, now));
    if (its.isOver() && current.isPresent()) {
      leave(now);
    }
  }

  private void looked(PunchTry its, MonotonicTime now) {
    Optional<NatTraits> view = around.view(now);
    if (view.isEmpty()) {
      leave(now);
      return;
    }
    Duration wait = roundTrip.plus(LOOK);
    Optional<Optional<NatTraits>> seen = its.seen(view.get(), series, now, now.plus(wait));
    if (seen.isEmpty()) {
      return;
    }
    mine = seen.get();
    if (mine.isEmpty() || (!caller && asked.isEmpty())) {
      asked = Optional.empty();
      leave(now);
      retry(now);
    } else if (caller) {
      Bytes key = around.freshKey();
      secret = Optional.of(PunchSecret.of(key, attempt));
      answerBy = Optional.of(now.plus(ANSWER));
      around.say(call, new PunchNote.Ask(attempt, mine.get(), key, roundTrip));
    } else {
      PunchNote.Ask ask = asked.get();
      asked = Optional.empty();
      Duration in = ask.roundTrip().dividedBy(2);
      around.say(call, new PunchNote.Go(attempt, mine.get(), in));
      begin(its, ask.traits(), PunchSecret.of(ask.key(), attempt), now.plus(in), now);
    }
  }

  private void go(PunchNote.Go go, MonotonicTime now) {
    if (answerBy.isEmpty() || go.attempt() != attempt || current.isEmpty()) {
      return;
    }
    answerBy = Optional.empty();
    theirs = Optional.of(go.traits());
    Duration wait = go.in().minus(roundTrip.dividedBy(2));
    MonotonicTime start = wait.isNegative() ? now : now.plus(wait);
    begin(current.get(), go.traits(), secret.orElseThrow(), start, now);
    step(now);
  }

  private void begin(
      PunchTry its, NatTraits peer, PunchSecret shared, MonotonicTime start, MonotonicTime now) {
    PunchPlan plan = PunchPlan.choose(mine.orElseThrow(), peer);
    if (!plan.isAttempted()) {
      leave(now);
      stay(plan.reason());
      return;
    }
    began = Optional.of(now);
    // The ports that are taken from now on are this side's own, and look like a crowd later.
    series = new PortSeries();
    stays = Optional.empty();
    around.tell(call, new PunchNews.Began(plan.kind(), plan.reason(), attempt));
    around.begin(its, plan, shared, caller, start, roundTrip, now);
  }

  private void take(PunchEvent event, MonotonicTime now) {
    if (event instanceof PunchEvent.Opened path) {
      Duration took = began.map(now::since).orElse(Duration.ZERO);
      succeeded = true;
      allowance.clear();
      opened.put(path.flow(), path.kind());
      if (opened.size() > MOST_OPENED) {
        Optional<Flow> used = link.path().map(IcePath::flow);
        opened.keySet().stream()
            .filter(each -> !each.equals(path.flow()) && !used.equals(Optional.of(each)))
            .findFirst()
            .ifPresent(opened::remove);
      }
      around.tell(call, new PunchNews.Opened(path.kind(), took, path.roundTrip()));
      if (!link.adopt(path.flow(), now)) {
        opened.remove(path.flow());
        around.close(path.flow().id());
      } else if (caller) {
        moveBy = Optional.of(link.state() == IceState.FAILED ? now : now.plus(MOVING));
      }
      retry(now);
    } else if (event instanceof PunchEvent.Failed failed) {
      around.tell(call, new PunchNews.Failed(failed.kind(), failed.reason()));
      around.doubt(STALE, now);
      walled = isUnderOneRoof();
      leave(now);
      retry(now);
    }
  }

  /** Whether both look the same from outside, so that one NAT would have to lead back inside. */
  private boolean isUnderOneRoof() {
    return mine.isPresent()
        && theirs
            .filter(its -> its.reflexive().ip().equals(mine.get().reflexive().ip()))
            .isPresent();
  }

  private void retry(MonotonicTime now) {
    notBefore = allowance.from(now.plus(pause));
    pause = longer(pause);
  }

  Optional<MonotonicTime> nextDeadline() {
    if (done) {
      return Optional.empty();
    }
    boolean idle = missing.isPresent() && current.isEmpty() && stays.isEmpty();
    Stream<Optional<MonotonicTime>> own =
        Stream.of(
            missing.map(since -> since.plus(GRACE)),
            missing.flatMap(since -> reviewAt),
            idle && caller && theirs.isPresent() ? Optional.of(notBefore) : Optional.empty());
    // What was due when it was looked at waits for something else.
    Stream<MonotonicTime> later = own.flatMap(Optional::stream).filter(steppedAt::isBefore);
    Stream<MonotonicTime> parts =
        Stream.of(answerBy, moveBy, current.flatMap(PunchTry::nextDeadline))
            .flatMap(Optional::stream);
    return Stream.concat(later, parts).min(MonotonicTime::compareTo);
  }
}
