package dev.culvert.rendezvous.code;

import dev.culvert.identity.PasswordExchange.Role;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * The side that makes up a code, tells it, and waits. It counts the guesses itself, whatever the
 * node does; when the node dies, it waits under the same number at another.
 *
 * <p>Confined to one thread.
 */
public final class HostIntroduction implements Introduction {
  /** How long a code holds. */
  public static final Duration VALIDITY = Duration.ofMinutes(10);

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 20;
  private static final int MOST_DRAWS = 500;

  private final PeerKey key;
  private final Card card;
  private final Set<PeerId> known;
  private final PlateCarrier carrier;
  private final RandomGenerator random;
  private final Queue<IntroductionEvent> events = new ArrayDeque<>();
  private final Set<PeerId> attached = new LinkedHashSet<>();
  private final Set<PeerId> refused = new HashSet<>();

  private Optional<Code> code = Optional.empty();
  private boolean isTold;
  private Optional<PeerId> holder = Optional.empty();
  private long opening;
  private boolean isOpen;
  private int tries;
  private int guessesLeft = Code.GUESSES;
  private Optional<Visit> visit = Optional.empty();
  private MonotonicTime end;
  private boolean isOver;
  private long lastAsked;

  /** Somebody who came. */
  private static final class Visit {
    private final int number;
    private final Handshake handshake;
    private long lastWord;

    Visit(int number, Handshake handshake) {
      this.number = number;
      this.handshake = handshake;
    }
  }

  /**
   * A host that is attached to no node yet.
   *
   * @param card what the guest is told of it
   * @param nodes all that both sides may know; the number is chosen so that the guest looks first
   *     where this host is
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public HostIntroduction(
      PeerKey key,
      Card card,
      Collection<PeerId> nodes,
      PlateCarrier carrier,
      RandomGenerator random,
      MonotonicTime now) {
    this.key = key;
    this.card = card;
    this.known = new LinkedHashSet<>(nodes);
    this.carrier = carrier;
    this.random = random;
    this.end = now.plus(PATIENCE);
  }

  @Override
  public void attached(PeerId node, MonotonicTime now) {
    attached.add(node);
    known.add(node);
    open(now);
  }

  @Override
  public void detached(PeerId node, MonotonicTime now) {
    attached.remove(node);
    refused.remove(node);
    if (holder.filter(node::equals).isPresent()) {
      lost(now);
    }
  }

  /** Waits at the best node that is left. */
  private void open(MonotonicTime now) {
    if (isOver || holder.isPresent() || tries >= MOST_TRIES) {
      return;
    }
    Optional<PeerId> node = choose();
    if (node.isPresent() && code.isPresent()) {
      int number = code.get().number();
      tries++;
      holder = node;
      opening = ask(node.get(), id -> new Frame.OpenPlate(id, number), now);
    }
  }

  /** Once the code was told, the number says where; before, the place says which number. */
  private Optional<PeerId> choose() {
    List<PeerId> free = attached.stream().filter(node -> !refused.contains(node)).toList();
    if (!isTold && !free.isEmpty()) {
      code = Optional.of(Code.of(numberFor(free), random));
    }
    return code.flatMap(its -> Code.ranking(its.number(), free).stream().findFirst());
  }

  private int numberFor(List<PeerId> free) {
    int number = Code.drawNumber(random);
    for (int i = 0; i < MOST_DRAWS && !free.contains(first(number)); i++) {
      number = Code.drawNumber(random);
    }
    return number;
  }

  private PeerId first(int number) {
    return Code.ranking(number, known).get(0);
  }

  @Override
  public void take(PeerId node, ClientEvent event, MonotonicTime now) {
    if (isOver || holder.isEmpty() || !holder.get().equals(node)) {
      return;
    }
    if (event instanceof ClientEvent.Answered answered && !isOpen) {
      if (answered.request() == opening) {
        opened(node, answered.answer(), now);
      }
    } else if (event instanceof ClientEvent.Answered answered) {
      answered(answered, now);
    } else if (event instanceof ClientEvent.PlateSaid said && isOpen && isOurs(said.said())) {
      said(said.said().visit(), said.said().data(), now);
    } else if (event instanceof ClientEvent.PlateLeft left && isOpen && isOurs(left.left())) {
      left(left.left().visit(), now);
    }
  }

  private boolean isOurs(Frame.PlateSaid said) {
    return code.filter(its -> its.number() == said.number()).isPresent();
  }

  private boolean isOurs(Frame.PlateLeft left) {
    return code.filter(its -> its.number() == left.number()).isPresent();
  }

  private void opened(PeerId node, Optional<Frame> answer, MonotonicTime now) {
    if (answer.isPresent() && answer.get() instanceof Frame.Plate && code.isPresent()) {
      isOpen = true;
      if (!isTold) {
        isTold = true;
        end = now.plus(VALIDITY);
        events.add(new IntroductionEvent.Ready(code.get(), VALIDITY));
      }
      return;
    }
    boolean isTaken =
        answer.isPresent()
            && answer.get() instanceof Frame.Refusal refusal
            && refusal.code() == Frame.Code.STALE;
    if (isTold || !isTaken) {
      refused.add(node);
    }
    holder = Optional.empty();
    open(now);
  }

  /** The last word was passed on, or not. */
  private void answered(ClientEvent.Answered answered, MonotonicTime now) {
    if (visit.isEmpty() || visit.get().lastWord != answered.request()) {
      return;
    }
    Optional<Introduced> whom = visit.get().handshake.result();
    if (whom.isPresent()
        && answered.answer().filter(Frame.Delivered.class::isInstance).isPresent()) {
      leave(0, now);
      over(new IntroductionEvent.Met(whom.get()));
    } else {
      missed(now);
    }
  }

  private void said(int number, Bytes data, MonotonicTime now) {
    if (visit.isEmpty() && guessesLeft > 0) {
      guessesLeft--;
      Handshake handshake = new Handshake(Role.HOST, key, card, code.orElseThrow(), random);
      Visit fresh = new Visit(number, handshake);
      visit = Optional.of(fresh);
      answer(fresh, handshake.answer(data), now);
    } else if (visit.isPresent() && visit.get().number == number && visit.get().lastWord == 0) {
      Optional<Bytes> welcome = visit.get().handshake.welcome(data);
      answer(visit.get(), welcome, now);
      if (welcome.isPresent()) {
        visit.get().lastWord = lastAsked;
      }
    }
  }

  private void answer(Visit to, Optional<Bytes> message, MonotonicTime now) {
    Bytes data = message.orElseGet(Handshake::wrong);
    int number = code.orElseThrow().number();
    ask(holder.orElseThrow(), id -> new Frame.PlateSay(id, number, to.number, data), now);
    if (message.isEmpty()) {
      leave(to.number, now);
      missed(now);
    }
  }

  private long ask(PeerId node, LongFunction<Frame.Request> request, MonotonicTime now) {
    lastAsked = carrier.ask(node, request, now);
    return lastAsked;
  }

  private void leave(int which, MonotonicTime now) {
    int number = code.orElseThrow().number();
    ask(holder.orElseThrow(), id -> new Frame.LeavePlate(id, number, which), now);
  }

  private void left(int which, MonotonicTime now) {
    if (which == 0) {
      lost(now);
    } else if (visit.filter(its -> its.number == which).isPresent()) {
      missed(now);
    }
  }

  /** The plate is gone, and with it whoever was there. */
  private void lost(MonotonicTime now) {
    holder = Optional.empty();
    isOpen = false;
    if (visit.isPresent()) {
      missed(now);
    }
    open(now);
  }

  /** A guess that did not come true; those who merely went away may have seen all they wanted. */
  private void missed(MonotonicTime now) {
    visit = Optional.empty();
    events.add(new IntroductionEvent.Missed(guessesLeft));
    if (guessesLeft == 0) {
      fail(IntroductionEvent.Cause.VOID, now);
    }
  }

  private void fail(IntroductionEvent.Cause cause, MonotonicTime now) {
    close(now);
    over(new IntroductionEvent.Failed(cause));
  }

  private void over(IntroductionEvent last) {
    isOver = true;
    events.add(last);
  }

  @Override
  public void close(MonotonicTime now) {
    if (!isOver && isOpen) {
      leave(0, now);
    }
    isOver = true;
  }

  @Override
  public void advance(MonotonicTime now) {
    if (!isOver && !now.isBefore(end)) {
      fail(isTold ? IntroductionEvent.Cause.EXPIRED : IntroductionEvent.Cause.NO_NODE, now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return isOver ? Optional.empty() : Optional.of(end);
  }

  @Override
  public Optional<IntroductionEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
