package dev.culvert.rendezvous.call;

import dev.culvert.identity.Envelope;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Deadlines;
import dev.culvert.sansio.MonotonicTime;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A peer's calls with others, over whatever carries its signals: who may call is asked first, then
 * both sides agree, and only then either tells the other where it is.
 *
 * <p>Its owner carries out the outputs and says what came of them.
 */
public final class Calls {
  private static final int MOST_SIGNALS = 4096;
  private static final int LEAVING = 4;

  private final CallConfig config;
  private final Seals seals;
  private final Doorman doorman;
  private final Strangers strangers = new Strangers();
  private final Refusals refusals = new Refusals();
  private final Departed departed = new Departed();
  private final Line line = new Line();
  private final Map<Long, Call> calls = new LinkedHashMap<>();
  private final Map<Departed.Name, Call> sessions = new HashMap<>();
  private final Map<Long, Call> lookups = new HashMap<>();
  private final Map<Long, Call> signals = new LinkedHashMap<>();
  private final Deadlines<Call> due = new Deadlines<>();
  private final Set<Call> touched = new LinkedHashSet<>();
  private final Queue<CallOutput> outputs = new ArrayDeque<>();
  private final Queue<CallEvent> events = new ArrayDeque<>();
  private long nextId = 1;
  private long refused;
  private long dropped;

  /**
   * A peer without calls.
   *
   * @param key this peer's
   * @param config how long to wait
   * @param policy who may call
   * @param sealingKeys those with which others seal for this peer now, at least one, the present
   *     one first
   * @param random for sessions and seals; a {@link java.security.SecureRandom} for anything but a
   *     simulation
   * @param clock for the ends of validity, right within a minute
   */
  public Calls(
      PeerKey key,
      CallConfig config,
      AcceptPolicy policy,
      Supplier<List<SealingKey>> sealingKeys,
      RandomGenerator random,
      InstantSource clock) {
    this.config = config;
    this.doorman = new Doorman(policy);
    this.seals = new Seals(key, sealingKeys, random, clock);
  }

  /** Replaces the policy; calls that were let through go on. */
  public void policy(AcceptPolicy policy) {
    doorman.policy(policy);
  }

  /** This peer's sealing key is another one: whoever it speaks with is told at once. */
  public void keyChanged(MonotonicTime now) {
    touched.addAll(calls.values());
    List.copyOf(calls.values()).forEach(its -> its.keyChanged(now));
  }

  /** Calls that are not over. */
  public int size() {
    return calls.size();
  }

  /** Offers of peers that may not call. */
  public long refused() {
    return refused;
  }

  /** Signals that were no envelope for this peer, too old, too many, or there before. */
  public long dropped() {
    return dropped;
  }

  /**
   * Calls a peer. If that peer just calls this one, both become one call; if this one calls it
   * already and it has not answered yet, it stays that call, unless only this one shows a secret.
   *
   * @param secret of the peer's invite, if there is one
   * @return names the call
   */
  public long call(PeerId peer, Optional<Bytes> secret, MonotonicTime now) {
    Optional<Call> asked = find(peer, its -> its.stage() == Call.Stage.ASKED);
    if (asked.isPresent()) {
      touched.add(asked.get());
      asked.get().wish(secret);
      asked.get().agree(now);
      return asked.get().id();
    }
    Optional<Call> calling = find(peer, Call::isCalling);
    if (calling.isPresent() && !(secret.isPresent() && calling.get().isPlain())) {
      return calling.get().id();
    }
    calling.ifPresent(its -> hangUp(its.id(), CallEnd.CLOSED, now));
    long id = nextId++;
    if (peer.equals(seals.own()) || !hasRoom(peer)) {
      events.add(
          new CallEvent.Ended(
              id, peer, peer.equals(seals.own()) ? CallEnd.UNKNOWN_PEER : CallEnd.QUOTA));
      return id;
    }
    Bytes session = seals.freshSession();
    Call call = new Call(id, peer, session, true, Optional.empty(), config, line, now);
    call.wish(secret);
    put(call);
    line.look(call);
    call.add(offer(call, session), now);
    return id;
  }

  private CallMessage offer(Call call, Bytes session) {
    return new CallMessage.Offer(
        call.secret().map(its -> InviteSecret.proof(its, session, seals.own(), call.peer())));
  }

  private Optional<Call> find(PeerId peer, Predicate<Call> which) {
    return calls.values().stream()
        .filter(its -> its.peer().equals(peer) && which.test(its))
        .findFirst();
  }

  /** Calls that are over here, and whose end the other side has yet to take, count less. */
  private boolean hasRoom(PeerId peer) {
    List<Call> theirs = calls.values().stream().filter(its -> its.peer().equals(peer)).toList();
    return calls.size() < config.calls()
        && theirs.size() < LEAVING * config.callsPerPeer()
        && theirs.stream().filter(its -> its.stage() != Call.Stage.LEAVING).count()
            < config.callsPerPeer();
  }

  private void put(Call call) {
    calls.put(call.id(), call);
    touched.add(call);
    sessions.put(call.name(), call);
  }

  /**
   * Takes a call about which {@link CallEvent.Asked} asked.
   *
   * @return false: it is no such call any more
   */
  public boolean accept(long call, MonotonicTime now) {
    Optional<Call> its = asked(call);
    its.ifPresent(each -> each.agree(now));
    return its.isPresent();
  }

  /** Says no to a call about which {@link CallEvent.Asked} asked; does nothing for others. */
  public void decline(long call, MonotonicTime now) {
    asked(call).ifPresent(its -> its.leave(new CallMessage.Decline(false), CallEnd.DECLINED, now));
  }

  private Optional<Call> asked(long call) {
    return touched(call).filter(its -> its.stage() == Call.Stage.ASKED);
  }

  /** Something is about to be done with it, so that it may be due at another time. */
  private Optional<Call> touched(long call) {
    Optional<Call> its = Optional.ofNullable(calls.get(call));
    its.ifPresent(touched::add);
    return its;
  }

  /**
   * Tells the peer where this side is, or of more, or of a restart; does nothing before {@link
   * CallEvent.Agreed} and after {@link CallEvent.Ended}.
   *
   * @param description is given to the other side as it is
   * @throws IllegalArgumentException if it is too long for a message
   */
  public void describe(long call, String description, MonotonicTime now) {
    if (!fits(description)) {
      throw new IllegalArgumentException("a description of " + description.length() + " letters");
    }
    touched(call).ifPresent(its -> its.describe(description, now));
  }

  /** Whether a description is short enough for a message. */
  public static boolean fits(String description) {
    Bytes key = Bytes.wrap(new byte[SealingKey.LENGTH]);
    CallBody longest =
        new CallBody(
            Optional.of(Long.MAX_VALUE),
            Long.MAX_VALUE,
            key,
            new CallMessage.Answer(
                description, Optional.of(Bytes.wrap(new byte[CallText.SESSION]))));
    return CallText.write(longest).length() <= CallText.LONGEST;
  }

  /** Whether the other side of a call has taken all that it was told. */
  public boolean isHeard(long call) {
    return Optional.ofNullable(calls.get(call)).filter(Call::isHeard).isPresent();
  }

  /** There is a path: from now on the call lasts until somebody ends it. */
  public void connected(long call, MonotonicTime now) {
    touched(call).ifPresent(its -> its.connected(now));
  }

  /**
   * Ends a call.
   *
   * @param reason {@link CallEnd#CLOSED} or {@link CallEnd#NO_PATH}, to be told again by {@link
   *     CallEvent.Ended}
   */
  public void hangUp(long call, CallEnd reason, MonotonicTime now) {
    touched(call).ifPresent(its -> its.leave(new CallMessage.Bye(reason.words()), reason, now));
  }

  /** Ends all calls. */
  public void closeAll(MonotonicTime now) {
    List.copyOf(calls.keySet()).forEach(call -> hangUp(call, CallEnd.CLOSED, now));
  }

  /** The answer to {@link CallOutput.Lookup}: the newest record of the peer. */
  public void found(long lookup, PeerRecord record, MonotonicTime now) {
    Call call = lookups.remove(lookup);
    if (call != null && touched(call.id()).isPresent()) {
      if (record.peer().equals(call.peer())) {
        call.found(record.sealingKey(), now);
      } else {
        call.notFound(CallEnd.NOT_WHO_IT_SAYS, now);
      }
    }
  }

  /**
   * The answer to {@link CallOutput.Lookup}: there is no record.
   *
   * @param asked whether some node was asked at all
   */
  public void notFound(long lookup, boolean asked, MonotonicTime now) {
    Call call = lookups.remove(lookup);
    if (call != null && touched(call.id()).isPresent()) {
      call.notFound(asked ? CallEnd.UNKNOWN_PEER : CallEnd.NO_NODE, now);
    }
  }

  /** The answer to {@link CallOutput.Signal}. */
  public void signalled(long signal, Fate outcome, MonotonicTime now) {
    Call call = signals.remove(signal);
    if (call != null && touched(call.id()).isPresent()) {
      call.signalled(outcome, now);
    }
  }

  /**
   * Somebody said something.
   *
   * @param from who a node says it was
   * @param sealed what
   * @return whether it was part of a call, or was to begin one
   */
  public boolean said(PeerId from, Bytes sealed, MonotonicTime now) {
    boolean known = find(from, its -> true).isPresent();
    boolean taken =
        (known || strangers.take(now))
            && seals.open(sealed).filter(its -> take(its, now)).isPresent();
    if (!taken) {
      dropped++;
    }
    return taken;
  }

  private boolean take(Envelope envelope, MonotonicTime now) {
    Optional<CallBody> body = CallText.read(envelope.payload());
    Departed.Name name = new Departed.Name(envelope.sender(), envelope.session());
    if (body.isEmpty()) {
      return false;
    }
    if (departed.has(name)) {
      Optional<Call> deaf = find(name.peer(), its -> its.isDeaf(name.session(), now));
      if (deaf.isEmpty()) {
        return false;
      }
      // The peer has taken this side's call, and does not know of its own any more.
      line.reopen(deaf.get(), now);
    }
    Call call = sessions.get(name);
    if (call != null) {
      touched.add(call);
      return call.take(envelope.number(), body.get(), now);
    }
    if (body.get().message() instanceof CallMessage.Bye) {
      // It has overtaken its offer, which is not to ring any more.
      departed.add(name, now);
      return true;
    }
    return body.get().message() instanceof CallMessage.Offer offer
        && body.get().sequence().equals(Optional.of(0L))
        && offered(envelope, body.get(), offer, now);
  }

  private boolean offered(
      Envelope envelope, CallBody body, CallMessage.Offer offer, MonotonicTime now) {
    PeerId peer = envelope.sender();
    Optional<Call> own = find(peer, Call::isCalling);
    if (own.isPresent()) {
      touched.add(own.get());
      collide(own.get(), envelope, body, now);
      return true;
    }
    Optional<Admission> admission =
        doorman.admits(peer, seals.own(), envelope.session(), offer.proof(), seals.time());
    if (admission.isEmpty()) {
      refused++;
      return true;
    }
    if (!hasRoom(peer) || undecided() >= config.asked()) {
      return refused(envelope, body, now);
    }
    Call call =
        new Call(
            nextId++, peer, envelope.session(), false, Optional.of(body.key()), config, line, now);
    find(peer, Call::isGivenUp).ifPresent(its -> call.instead(its.name().session()));
    put(call);
    call.take(envelope.number(), body, now);
    events.add(new CallEvent.Asked(call.id(), peer, admission.get()));
    call.asking(now);
    return true;
  }

  /** There is no room: one word, and nothing is kept of who asks on and on. */
  private boolean refused(Envelope envelope, CallBody body, MonotonicTime now) {
    PeerId peer = envelope.sender();
    if (!refusals.take(peer, now)) {
      return false;
    }
    departed.add(new Departed.Name(peer, envelope.session()), now);
    CallBody no =
        new CallBody(Optional.of(0L), 1, seals.publicKey(), new CallMessage.Decline(true));
    seals
        .seal(peer, body.key(), envelope.session(), 0, CallText.write(no))
        .ifPresent(its -> outputs.add(new CallOutput.Signal(nextId++, peer, its, 0)));
    return true;
  }

  private long undecided() {
    return calls.values().stream().filter(its -> its.stage() == Call.Stage.ASKED).count();
  }

  /** Both call each other: the call of the lower id goes on. */
  private void collide(Call own, Envelope envelope, CallBody body, MonotonicTime now) {
    if (seals.own().key().hex().compareTo(own.peer().key().hex()) < 0) {
      departed.add(new Departed.Name(own.peer(), envelope.session()), now);
      own.swallow(envelope.session());
      own.found(body.key(), now);
      return;
    }
    sessions.remove(own.name());
    departed.add(own.name(), now);
    own.giveWay(envelope.session(), body.key());
    sessions.put(own.name(), own);
    own.take(envelope.number(), body, now);
    own.agree(now);
  }

  /** Repeats what was not acknowledged, and gives up what took too long. */
  public void advance(MonotonicTime now) {
    settle();
    for (Call each : due.poll(now)) {
      if (touched(each.id()).isPresent()) {
        each.advance(now);
      }
    }
  }

  /** When {@link #advance} has something to do. */
  public Optional<MonotonicTime> nextDeadline() {
    settle();
    return due.next();
  }

  private void settle() {
    for (Call each : touched) {
      due.set(each, calls.containsKey(each.id()) ? each.nextDeadline() : Optional.empty());
    }
    touched.clear();
  }

  /** What is to be carried out. */
  public Optional<CallOutput> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  /** What happened. */
  public Optional<CallEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private final class Line implements Call.Line {
    @Override
    public void say(
        Call call, Optional<Outbox.Entry> entry, CallMessage message, MonotonicTime now) {
      Optional<Bytes> key = call.theirKey();
      if (key.isEmpty()) {
        return;
      }
      CallBody body =
          new CallBody(entry.map(Outbox.Entry::sequence), call.taken(), seals.publicKey(), message);
      Optional<Bytes> sealed =
          seals.seal(
              call.peer(),
              key.get(),
              call.name().session(),
              call.takeNumber(),
              CallText.write(body));
      if (sealed.isEmpty()) {
        call.unsealable(now);
        return;
      }
      call.said();
      long id = nextId++;
      if (signals.size() >= MOST_SIGNALS) {
        signals.remove(signals.keySet().iterator().next());
      }
      signals.put(id, call);
      outputs.add(new CallOutput.Signal(id, call.peer(), sealed.get(), call.attempt()));
    }

    @Override
    public void look(Call call) {
      long id = nextId++;
      lookups.values().removeIf(its -> its.equals(call));
      lookups.put(id, call);
      outputs.add(new CallOutput.Lookup(id, call.peer()));
    }

    @Override
    public void tell(CallEvent event) {
      events.add(event);
    }

    @Override
    public void forget(PeerId peer, Bytes session, MonotonicTime now) {
      Departed.Name name = new Departed.Name(peer, session);
      if (!sessions.containsKey(name)) {
        departed.add(name, now);
      }
    }

    @Override
    public void recall(PeerId peer, Bytes session) {
      departed.remove(new Departed.Name(peer, session));
    }

    @Override
    public void reopen(Call call, MonotonicTime now) {
      touched.add(call);
      sessions.remove(call.name());
      departed.add(call.name(), now);
      Bytes session = seals.freshSession();
      call.reopen(session, offer(call, session), now);
      departed.remove(call.name());
      sessions.put(call.name(), call);
    }

    @Override
    public void over(Call call, MonotonicTime now) {
      if (calls.remove(call.id()) != null) {
        due.remove(call);
        sessions.remove(call.name());
        departed.add(call.name(), now);
        lookups.values().removeIf(its -> its.equals(call));
        signals.values().removeIf(its -> its.equals(call));
      }
    }
  }
}
