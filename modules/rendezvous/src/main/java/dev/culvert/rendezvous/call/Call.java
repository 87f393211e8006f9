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
  }

  private final long id;
  private final PeerId peer;
  private final CallConfig config;
  private final Line line;
  private final MonotonicTime began;
  private Bytes session;
  private boolean caller;
  private Stage stage;
  private MonotonicTime since;
  private MonotonicTime heard;
  private boolean everHeard;
  private boolean showing;
  private Optional<Bytes> theirKey;
  private Optional<Bytes> gaveUp = Optional.empty();
  private Outbox outbox = new Outbox();
  private Inbox inbox = new Inbox();
  private ReplayWindow window = new ReplayWindow();
  private long nextNumber;
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
    this.session = session;
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
    return new Departed.Name(peer, session);
  }

  Optional<Bytes> theirKey() {
    return theirKey;
  }

  long takeNumber() {
    return nextNumber++;
  }

  long taken() {
    return inbox.taken();
  }

  int attempt() {
    return outbox.attempt();
  }

  /** Whether this side shows that it was invited. */
  void shows(boolean secret) {
    showing = secret;
  }

  /** Whether this side calls without an invite, and nobody has answered: it may never be. */
  boolean isPlain() {
    return isCalling() && !everHeard && !showing;
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
    if (outbox.isFull()) {
      end(CallEnd.TIMED_OUT, now);
      return;
    }
    line.say(this, Optional.of(outbox.add(message, now)), message, now);
  }

  /** What is waiting can be sealed at last. */
  void sayAgain(MonotonicTime now) {
    outbox.waiting().forEach(each -> line.say(this, Optional.of(each), each.message(), now));
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

  /** The other one's call goes on, and this side's own is forgotten. */
  void giveWay(Bytes theirSession, Bytes key) {
    gaveUp = Optional.of(session);
    session = theirSession;
    caller = false;
    theirKey = Optional.of(key);
    outbox = new Outbox();
    inbox = new Inbox();
    window = new ReplayWindow();
    nextNumber = 0;
    fault = Optional.empty();
    look = Optional.empty();
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
    line.tell(new CallEvent.Ended(id, peer, reason));
    enter(Stage.LEAVING, now);
    ring = Optional.empty();
    look = Optional.empty();
    if (theirKey.isEmpty()) {
      line.over(this, now);
    } else if (!outbox.isFull()) {
      line.say(this, Optional.of(outbox.add(last, now)), last, now);
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
    boolean newest = window.isNewest(number);
    if (!window.take(number)) {
      return false;
    }
    if (newest) {
      theirKey = Optional.of(body.key());
    }
    heard = now;
    everHeard = true;
    fault = Optional.empty();
    outbox.acknowledged(body.acknowledged(), now);
    if (body.sequence().isPresent()) {
      acknowledge = acknowledge.or(() -> Optional.of(now.plus(ACKNOWLEDGE)));
      inbox.take(body.sequence().get(), body.message()).forEach(each -> ordered(each, now));
    } else if (body.message() instanceof CallMessage.Sync sync && isAgreed()) {
      line.say(this, Optional.empty(), new CallMessage.Synced(sync.sent(), 0), now);
    } else if (body.message() instanceof CallMessage.Synced synced && isAgreed()) {
      long round = micros(now) - synced.sent() - synced.held();
      if (round >= 0) {
        line.tell(new CallEvent.Measured(id, Duration.ofNanos(round * 1000)));
      }
    }
    if (stage == Stage.LEAVING && outbox.isEmpty()) {
      line.over(this, now);
    }
    return true;
  }

  private boolean isAgreed() {
    return stage == Stage.AGREED || stage == Stage.UP;
  }

  private void ordered(CallMessage message, MonotonicTime now) {
    if (message instanceof CallMessage.Answer answer) {
      answer.instead().ifPresent(its -> line.forget(peer, its, now));
    }
    if (stage == Stage.LEAVING) {
      return;
    }
    if (message instanceof CallMessage.Bye) {
      line.say(this, Optional.empty(), new CallMessage.Ack(), now);
      end(CallEnd.PEER_LEFT, now);
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
    boolean doubted = (isCalling() && !everHeard) || outbox.attempt() > 0;
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
      outbox.again(now).forEach(each -> line.say(this, Optional.of(each), each.message(), now));
      if (outbox.takeDoubt() && stage != Stage.LEAVING) {
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
          outbox.isEmpty() && described
              ? Optional.empty()
              : Optional.of((since.isBefore(heard) ? heard : since).plus(config.patience()));
      case UP -> Optional.empty();
      case LEAVING -> Optional.of(since.plus(LEAVING));
    };
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Asked of every call after every datagram, so without a stream. */
  Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> first = earlier(deadline(), look);
    first = earlier(earlier(first, ring), acknowledge);
    return theirKey.isPresent() ? earlier(first, outbox.due()) : first;
  }

  static Optional<MonotonicTime> earlier(
      Optional<MonotonicTime> one, Optional<MonotonicTime> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? other : one;
    }
    return one.get().isBefore(other.get()) ? one : other;
  }
}
