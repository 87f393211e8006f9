package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/** How far a call has come. */
final class Call {
  private static final Duration ACKNOWLEDGE = Duration.ofMillis(100);
  private static final Duration RING = Duration.ofMillis(200);
  private static final Duration DOUBT = Duration.ofSeconds(8);
  private static final Duration LEAVING = Duration.ofSeconds(8);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
  private static final Duration DEAF = Duration.ofSeconds(3);

  /** What a call waits for. */
  enum Stage {
    /** The other side to say something. */
    CALLING,
    /** Somebody over there to decide. */
    RINGING,
    /** Somebody here to decide. */
    ASKED,
    /** A path. */
    AGREED,
    /** Nothing. */
    UP,
    /** The other side to know that it is over. */
    LEAVING
  }

  /** What a call has others do. */
  interface Line {
    /** Says something, if it is known how to. */
    void say(Call call, Optional<Outbox.Entry> entry, CallMessage message, MonotonicTime now);

    void look(Call call);

    void tell(CallEvent event);

    void over(Call call, MonotonicTime now);

    /** The peer's call of that session is given up; its offer may be on its way yet. */
    void forget(PeerId peer, Bytes session, MonotonicTime now);

    /** The peer's call of that session is not given up after all; its offer may ring. */
    void recall(PeerId peer, Bytes session);

    /** This side's own wish holds yet: {@link Call#reopen} is due. */
    void reopen(Call call, MonotonicTime now);
  }

  /** This side called, and shows that it was invited if it has a secret. */
  private record Wish(Optional<Bytes> secret) {}

  /** This side's own call, which gave way, as far as it had come. */
  private record Parked(Dialog dialog, Stage stage) {}

  private final long id;
  private final PeerId peer;
  private final CallConfig config;
  private final Line line;
  private final MonotonicTime began;
  private Dialog dialog;
  private boolean caller;
  private Stage stage;
  private MonotonicTime since;
  private MonotonicTime heard;
  private boolean everHeard;
  private Optional<Wish> wish = Optional.empty();
  private Optional<Bytes> theirKey;
  private Optional<Bytes> gaveUp = Optional.empty();
  private Optional<Parked> parked = Optional.empty();
  private Optional<Bytes> swallowed = Optional.empty();
  private boolean reopened;
  private boolean early;
  private boolean answered;
  private boolean described;
  private boolean delivered;
  private Optional<CallEnd> fault = Optional.empty();
  private Optional<MonotonicTime> acknowledge = Optional.empty();
  private Optional<MonotonicTime> ring = Optional.empty();
  private Optional<MonotonicTime> look = Optional.empty();

  Call(
      long id,
      PeerId peer,
      Bytes session,
      boolean caller,
      Optional<Bytes> theirKey,
      CallConfig config,
      Line line,
      MonotonicTime now) {
    this.id = id;
    this.peer = peer;
    this.dialog = new Dialog(session);
    this.caller = caller;
    this.theirKey = theirKey;
    this.config = config;
    this.line = line;
    this.began = now;
    this.since = now;
    this.heard = now;
    this.stage = caller ? Stage.CALLING : Stage.ASKED;
  }

  long id() {
    return id;
  }

  PeerId peer() {
    return peer;
  }

  Stage stage() {
    return stage;
  }

  boolean isCaller() {
    return caller;
  }

  Departed.Name name() {
    return new Departed.Name(peer, dialog.session());
  }

  Optional<Bytes> theirKey() {
    return theirKey;
  }

  long takeNumber() {
    return dialog.takeNumber();
  }

  long taken() {
    return dialog.inbox().taken();
  }

  boolean isHeard() {
    return dialog.outbox().isEmpty();
  }

  int attempt() {
    return dialog.outbox().attempt();
  }

  /** This side wants the call, whatever the other side wants. */
  void wish(Optional<Bytes> secret) {
    wish = Optional.of(new Wish(secret));
  }

  /** The secret of the peer's invite, if this side has one. */
  Optional<Bytes> secret() {
    return wish.flatMap(Wish::secret);
  }

  /** Whether this side calls without an invite, and nobody has answered: it may never be. */
  boolean isPlain() {
    return isCalling() && !everHeard && secret().isEmpty();
  }

  /** Whether it is not agreed on yet, and this side has called. */
  boolean isCalling() {
    return stage == Stage.CALLING || stage == Stage.RINGING;
  }

  void key(Bytes key) {
    theirKey = Optional.of(key);
  }

  /** Says something that has its place in the order. */
  void add(CallMessage message, MonotonicTime now) {
    if (dialog.outbox().isFull()) {
      end(CallEnd.TIMED_OUT, now);
      return;
    }
    line.say(this, Optional.of(dialog.outbox().add(message, now)), message, now);
  }

  /** What is waiting can be sealed at last. */
  void sayAgain(MonotonicTime now) {
    dialog
        .outbox()
        .waiting()
        .forEach(each -> line.say(this, Optional.of(each), each.message(), now));
  }

  /** Whatever was said tells how many were taken, too. */
  void said() {
    acknowledge = Optional.empty();
  }

  // What this side's owner does.

  /** Somebody here is asked; if that takes a while, the other side is told. */
  void asking(MonotonicTime now) {
    ring = Optional.of(now.plus(RING));
    acknowledge = ring;
  }

  void agree(MonotonicTime now) {
    ring = Optional.empty();
    enter(Stage.AGREED, now);
    line.tell(new CallEvent.Agreed(id, peer, caller));
  }

  /** The other one's call goes on, and this side's own waits for what becomes of it. */
  void giveWay(Bytes theirSession, Bytes key) {
    gaveUp = Optional.of(dialog.session());
    parked = reopened ? Optional.empty() : Optional.of(new Parked(dialog, stage));
    caller = false;
    theirKey = Optional.of(key);
    begin(new Dialog(theirSession));
  }

  private void begin(Dialog other) {
    dialog = other;
    fault = Optional.empty();
    look = Optional.empty();
    ring = Optional.empty();
    acknowledge = Optional.empty();
  }

  /** Whether this side has called, and gave up before there was an answer. */
  boolean isGivenUp() {
    return stage == Stage.LEAVING && early;
  }

  /** This side's call of that session is not meant any more. */
  void instead(Bytes given) {
    gaveUp = Optional.of(given);
  }

  /** The other one called at the same time, and its offer of that session is passed over. */
  void swallow(Bytes theirSession) {
    swallowed = Optional.of(theirSession);
  }

  /**
   * Whether this side called, and has agreed to the other one's call instead, which has come to
   * nothing so far; once.
   */
  private boolean mayReopen() {
    return wish.isPresent() && !reopened && stage == Stage.AGREED && !caller && !described;
  }

  /** Whether the peer speaks in the session that this side gave up, and not in the other one. */
  boolean isDeaf(Bytes session, MonotonicTime now) {
    return mayReopen()
        && parked.filter(its -> its.dialog().session().equals(session)).isPresent()
        && !now.isBefore((since.isBefore(heard) ? heard : since).plus(DEAF));
  }

  /**
   * The other side has given up its call before it knew of this one's: this side calls anew, where
   * it was, or with another offer.
   */
  void reopen(Bytes session, CallMessage offer, MonotonicTime now) {
    Parked mine = parked.orElseGet(() -> new Parked(new Dialog(session), Stage.CALLING));
    parked = Optional.empty();
    gaveUp = Optional.empty();
    swallowed = Optional.empty();
    reopened = true;
    caller = true;
    answered = false;
    everHeard = false;
    line.tell(new CallEvent.Reopened(id, peer));
    begin(mine.dialog());
    enter(mine.stage(), now);
    if (dialog.outbox().hasBegun()) {
      dialog.outbox().hurry(now);
    } else {
      add(offer, now);
    }
  }

  void describe(String description, MonotonicTime now) {
    if (stage != Stage.AGREED && stage != Stage.UP) {
      return;
    }
    if (!caller && !answered) {
      answered = true;
      add(new CallMessage.Answer(description, gaveUp), now);
      return;
    }
    boolean first = caller && !answered;
    answered = true;
    add(new CallMessage.Describe(description), now);
    if (first) {
      line.say(this, Optional.empty(), new CallMessage.Sync(micros(now)), now);
    }
  }

  void connected(MonotonicTime now) {
    if (stage == Stage.AGREED) {
      enter(Stage.UP, now);
    }
  }

  /** Tells the other side, and then is over. */
  void leave(CallMessage last, CallEnd reason, MonotonicTime now) {
    if (stage == Stage.LEAVING) {
      return;
    }
    early = isCalling();
    line.tell(new CallEvent.Ended(id, peer, reason));
    enter(Stage.LEAVING, now);
    ring = Optional.empty();
    look = Optional.empty();
    if (early) {
      swallowed.ifPresent(its -> line.recall(peer, its));
    }
    CallMessage word = early && last instanceof CallMessage.Bye bye ? bye.early() : last;
    if (theirKey.isEmpty()) {
      line.over(this, now);
    } else if (!dialog.outbox().isFull()) {
      line.say(this, Optional.of(dialog.outbox().add(word, now)), word, now);
    }
  }

  private void end(CallEnd reason, MonotonicTime now) {
    if (stage != Stage.LEAVING) {
      line.tell(new CallEvent.Ended(id, peer, reason));
      enter(Stage.LEAVING, now);
    }
    line.over(this, now);
  }

  private void enter(Stage next, MonotonicTime now) {
    stage = next;
    since = now;
  }

  private long micros(MonotonicTime now) {
    return now.since(began).toNanos() / 1000;
  }

  // What the other side does.

  /** Takes a body from an envelope with this number, unless it was there before. */
  boolean take(long number, CallBody body, MonotonicTime now) {
    boolean newest = dialog.window().isNewest(number);
    if (!dialog.window().take(number)) {
      return false;
    }
    if (newest) {
      theirKey = Optional.of(body.key());
    }
    heard = now;
    everHeard = true;
    fault = Optional.empty();
    dialog.outbox().acknowledged(body.acknowledged(), now);
    if (body.sequence().isPresent()) {
      acknowledge = acknowledge.or(() -> Optional.of(now.plus(ACKNOWLEDGE)));
      dialog
          .inbox()
          .take(body.sequence().get(), body.message())
          .forEach(each -> ordered(each, now));
    } else if (body.message() instanceof CallMessage.Sync sync && isAgreed()) {
      line.say(this, Optional.empty(), new CallMessage.Synced(sync.sent(), 0), now);
    } else if (body.message() instanceof CallMessage.Synced synced && isAgreed()) {
      long round = micros(now) - synced.sent() - synced.held();
      if (round >= 0) {
        line.tell(new CallEvent.Measured(id, Duration.ofNanos(round * 1000)));
      }
    }
    if (stage == Stage.LEAVING && dialog.outbox().isEmpty()) {
      line.over(this, now);
    }
    return true;
  }

  private boolean isAgreed() {
    return stage == Stage.AGREED || stage == Stage.UP;
  }

  private void ordered(CallMessage message, MonotonicTime now) {
    if (stage == Stage.LEAVING) {
      return;
    }
    if (message instanceof CallMessage.Bye bye) {
      line.say(this, Optional.empty(), new CallMessage.Ack(), now);
      if (bye.unanswered() && mayReopen()) {
        line.reopen(this, now);
      } else {
        end(CallEnd.PEER_LEFT, now);
      }
    } else if (message instanceof CallMessage.Describe describe && isAgreed()) {
      described = true;
      line.tell(new CallEvent.Described(id, describe.description()));
    } else if (isCalling()) {
      theyDecide(message, now);
    }
  }

  private void theyDecide(CallMessage message, MonotonicTime now) {
    if (message instanceof CallMessage.Ringing && stage == Stage.CALLING) {
      enter(Stage.RINGING, now);
      line.tell(new CallEvent.Ringing(id));
    } else if (message instanceof CallMessage.Answer answer) {
      // What was passed over is given up, or another call.
      swallowed
          .filter(its -> !answer.instead().equals(Optional.of(its)))
          .ifPresent(its -> line.recall(peer, its));
      answer.instead().ifPresent(its -> line.forget(peer, its, now));
      agree(now);
      described = true;
      line.tell(new CallEvent.Described(id, answer.description()));
    } else if (message instanceof CallMessage.Decline decline) {
      line.say(this, Optional.empty(), new CallMessage.Ack(), now);
      end(decline.busy() ? CallEnd.BUSY : CallEnd.DECLINED, now);
    }
  }

  /** The other side is to seal with another key from now on. */
  void keyChanged(MonotonicTime now) {
    if (isAgreed()) {
      line.say(this, Optional.empty(), new CallMessage.Ack(), now);
    }
  }

  // What becomes of what was asked for.

  void found(Bytes key, MonotonicTime now) {
    look = Optional.empty();
    // What was heard is newer than any record, unless it is not answered any more.
    boolean doubted = (isCalling() && !everHeard) || dialog.outbox().attempt() > 0;
    if (stage != Stage.LEAVING && doubted && !theirKey.equals(Optional.of(key))) {
      theirKey = Optional.of(key);
      sayAgain(now);
    }
  }

  void notFound(CallEnd why, MonotonicTime now) {
    if (stage == Stage.CALLING && theirKey.isEmpty()) {
      fault = Optional.of(why);
      if (why == CallEnd.NOT_WHO_IT_SAYS) {
        end(why, now);
      } else {
        look = Optional.of(now.plus(LOOK_AGAIN));
      }
    }
  }

  void signalled(Fate outcome, MonotonicTime now) {
    switch (outcome) {
      case DELIVERED -> {
        delivered = true;
        fault = Optional.empty();
      }
      case BLOCKED -> {
        if (isCalling()) {
          end(CallEnd.BLOCKED, now);
        }
      }
      case OFFLINE -> fault = Optional.of(delivered ? CallEnd.TIMED_OUT : CallEnd.OFFLINE);
      case QUOTA -> fault = Optional.of(CallEnd.QUOTA);
      case BUSY -> fault = Optional.of(CallEnd.TIMED_OUT);
      case NO_NODE -> fault = Optional.of(CallEnd.NO_NODE);
    }
  }

  /** Nothing can be sealed for the peer. */
  void unsealable(MonotonicTime now) {
    end(CallEnd.NOT_WHO_IT_SAYS, now);
  }

  // Time.

  private static boolean isDue(Optional<MonotonicTime> when, MonotonicTime now) {
    return when.isPresent() && !now.isBefore(when.get());
  }

  void advance(MonotonicTime now) {
    if (isDue(deadline(), now)) {
      if (stage == Stage.ASKED) {
        leave(new CallMessage.Decline(false), CallEnd.TIMED_OUT, now);
      } else if (mayReopen() && fault.isEmpty()) {
        line.reopen(this, now);
      } else {
        end(fault.orElse(CallEnd.TIMED_OUT), now);
      }
      return;
    }
    if (isDue(look, now)) {
      look = Optional.empty();
      line.look(this);
    }
    if (isDue(ring, now)) {
      ring = Optional.empty();
      add(new CallMessage.Ringing(), now);
    }
    if (theirKey.isPresent()) {
      dialog
          .outbox()
          .again(now)
          .forEach(each -> line.say(this, Optional.of(each), each.message(), now));
      if (dialog.outbox().takeDoubt() && stage != Stage.LEAVING) {
        line.look(this);
      }
    }
    if (isDue(acknowledge, now)) {
      line.say(this, Optional.empty(), new CallMessage.Ack(), now);
    }
  }

  private Optional<MonotonicTime> deadline() {
    return switch (stage) {
      case CALLING ->
          Optional.of(
              since.plus(
                  fault
                          .filter(its -> its == CallEnd.OFFLINE || its == CallEnd.UNKNOWN_PEER)
                          .isPresent()
                      ? shorter(DOUBT, config.patience())
                      : config.patience()));
      case RINGING -> Optional.of(since.plus(config.ringing()).plus(DOUBT));
      case ASKED -> Optional.of(since.plus(config.ringing()));
      case AGREED ->
          dialog.outbox().isEmpty() && described
              ? Optional.empty()
              : Optional.of((since.isBefore(heard) ? heard : since).plus(config.patience()));
      case UP -> Optional.empty();
      case LEAVING -> Optional.of(since.plus(LEAVING));
    };
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** When {@link #advance} has something to do. */
  Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> first = earlier(deadline(), look);
    first = earlier(earlier(first, ring), acknowledge);
    return theirKey.isPresent() ? earlier(first, dialog.outbox().due()) : first;
  }

  private static Optional<MonotonicTime> earlier(
      Optional<MonotonicTime> one, Optional<MonotonicTime> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return one.get().isBefore(other.get()) ? one : other;
  }
}
