package dev.culvert.session.meet;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceState;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.PeerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A call that was agreed on, its link, and what the other side was told of it. */
final class Conversation {
  private static final int CANDIDATES_AT_ONCE = 20;

  /** What is found one after the other is told together: each message costs both a signature. */
  private static final Duration BREATH = Duration.ofMillis(20);

  /** As long as it may take both to begin anew. */
  private static final Duration LAST_HOPE = Duration.ofSeconds(40);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final long call;
  private final boolean caller;
  private final PeerLink link;
  private String generation = "";
  private int told;
  private boolean toldAll;
  private MonotonicTime tellFrom;
  private boolean connected;
  private Duration pause = Duration.ZERO;
  private Optional<MonotonicTime> retry = Optional.empty();
  private Optional<MonotonicTime> hopeless = Optional.empty();

  Conversation(long call, boolean caller, PeerLink link, MonotonicTime now) {
    this.call = call;
    this.caller = caller;
    this.link = link;
    this.tellFrom = now.plus(BREATH);
  }

  long call() {
    return call;
  }

  /** Whether this side called. */
  boolean isCaller() {
    return caller;
  }

  PeerLink link() {
    return link;
  }

  /** ICE alone has found no path; something else may, before long. */
  void hope(MonotonicTime now) {
    if (hopeless.isEmpty()) {
      hopeless = Optional.of(now.plus(LAST_HOPE));
    }
  }

  /** Whether the other side has told something of where it is. */
  void heard(IceDescription description, MonotonicTime now) {
    link.remote(description, now);
    if (!caller) {
      // Only who had this side's answer describes itself.
      link.peerBegan(now);
    }
  }

  /** When the other side is told what there is by then, if there is something. */
  MonotonicTime tellFrom() {
    return tellFrom;
  }

  /** Whether that is now: later while more is about to be found. */
  boolean tells(MonotonicTime now) {
    IceDescription all = link.description();
    boolean first = generation.isEmpty() && (all.complete() || !all.candidates().isEmpty());
    return first || !now.isBefore(tellFrom);
  }

  /** What the other side was not told yet, in pieces that fit into a message. */
  List<String> news(MonotonicTime now) {
    IceDescription all = link.description();
    String its = all.parameters().credentials().ufrag();
    tellFrom = now.plus(BREATH);
    boolean begun = its.equals(generation);
    if (!begun) {
      generation = its;
      told = 0;
      toldAll = false;
    }
    List<String> pieces = new ArrayList<>();
    boolean more = !begun || told < all.candidates().size() || toldAll != all.complete();
    while (more) {
      int end = Math.min(all.candidates().size(), told + CANDIDATES_AT_ONCE);
      Optional<String> text = fitting(all, end);
      while (text.isEmpty() && end > told + 1) {
        end = told + (end - told) / 2;
        text = fitting(all, end);
      }
      text.ifPresent(pieces::add);
      told = end;
      toldAll = all.complete() && told == all.candidates().size();
      more = told < all.candidates().size();
    }
    return pieces;
  }

  private Optional<String> fitting(IceDescription all, int end) {
    List<Candidate> some = all.candidates().subList(told, end);
    boolean complete = all.complete() && end == all.candidates().size();
    String text = IceJson.format(new IceDescription(all.parameters(), some, complete));
    return Optional.of(text).filter(Calls::fits);
  }

  /** Whether this is the first path. */
  boolean connect() {
    boolean first = !connected;
    connected = true;
    pause = Duration.ZERO;
    retry = Optional.empty();
    hopeless = Optional.empty();
    return first;
  }

  /**
   * There is no path any more; whoever called tries again, at once and then after ever longer
   * pauses, and the other one waits for that.
   *
   * @return whether there never was one
   */
  boolean fail(MonotonicTime now) {
    if (!connected) {
      return true;
    }
    // Nothing fails any more where nobody answers, so this alone ends it.
    hope(now);
    if (caller && retry.isEmpty()) {
      if (pause.isZero()) {
        link.restart(now);
      }
      pauses(now);
    }
    return false;
  }

  private void pauses(MonotonicTime now) {
    if (!pause.isZero()) {
      retry = Optional.of(now.plus(pause));
    }
    Duration longer = pause.isZero() ? FIRST_PAUSE : pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
  }

  /**
   * Tries again if it is time to.
   *
   * @param heard whether the other side has taken what was said so far: as long as it has not, it
   *     has yet to hear of the last try
   */
  void advance(boolean heard, MonotonicTime now) {
    if (retry.isEmpty() || now.isBefore(retry.get())) {
      return;
    }
    retry = Optional.empty();
    if (link.state() == IceState.FAILED) {
      if (heard) {
        link.restart(now);
      } else {
        pauses(now);
      }
    }
  }

  /** When it is over unless there is a path by then. */
  Optional<MonotonicTime> hopeless() {
    return hopeless;
  }

  /** Whether there was a path, and is none now. */
  boolean isLost() {
    return connected && hopeless.isPresent();
  }

  /** When the next try is due, or it is given up. */
  Optional<MonotonicTime> nextDeadline() {
    return Stream.of(hopeless, retry).flatMap(Optional::stream).min(MonotonicTime::compareTo);
  }
}
