package dev.culvert.session.meet;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.PeerLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A call that was agreed on, its link, and what the other side was told of it. */
final class Conversation {
  private static final int CANDIDATES_AT_ONCE = 20;

  /** What is found one after the other is told together: each message costs both a signature. */
  private static final Duration BREATH = Duration.ofMillis(20);

  /** As long as it may take both to begin anew. */
  private static final Duration LAST_HOPE = Duration.ofSeconds(40);

  private final long call;
  private final boolean caller;
  private final PeerLink link;
  private String generation = "";
  private int told;
  private boolean toldAll;
  private MonotonicTime tellFrom;
  private boolean connected;
  private boolean retried;
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
    retried = false;
    hopeless = Optional.empty();
    return first;
  }

  /**
   * There is no path; whoever called tries once more, and the other one waits for that.
   *
   * @return whether it is over
   */
  boolean fail(MonotonicTime now) {
    if (!connected || (caller && retried)) {
      return true;
    }
    if (caller) {
      retried = true;
      link.restart(now);
    }
    // Nothing fails any more where nobody answers, so this alone ends it.
    if (hopeless.isEmpty()) {
      hopeless = Optional.of(now.plus(LAST_HOPE));
    }
    return false;
  }

  /** When it is over unless there is a path by then. */
  Optional<MonotonicTime> hopeless() {
    return hopeless;
  }
}
