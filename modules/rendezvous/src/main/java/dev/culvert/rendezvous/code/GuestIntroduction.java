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
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The side that was told a code. It looks for the number at the nodes in their order for it, and
 * speaks to one host only: another try would be another guess for somebody in between.
 *
 * <p>Confined to one thread.
 */
public final class GuestIntroduction implements Introduction {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration STEP = Duration.ofSeconds(20);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Code code;
  private final PlateCarrier carrier;
  private final Handshake handshake;
  private final Queue<IntroductionEvent> events = new ArrayDeque<>();
  private final Set<PeerId> attached = new LinkedHashSet<>();
  private final Set<PeerId> without = new HashSet<>();

  private Optional<PeerId> node = Optional.empty();
  private Optional<MonotonicTime> retry = Optional.empty();
  private long knock;
  private long proof;
  private int visit;
  private boolean isSettled;
  private boolean isOver;
  private MonotonicTime end;

  /**
   * A guest that is attached to no node yet.
   *
   * @param card what the host is told of it
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public GuestIntroduction(
      PeerKey key,
      Card card,
      Code code,
      PlateCarrier carrier,
      RandomGenerator random,
      MonotonicTime now) {
    this.code = code;
    this.carrier = carrier;
    this.handshake = new Handshake(Role.GUEST, key, card, code, random);
    this.end = now.plus(PATIENCE);
  }

  /** No other node will be {@link #attached}, so there is nothing to wait for. */
  public void settled(MonotonicTime now) {
    isSettled = true;
    look(now);
  }

  @Override
  public void attached(PeerId its, MonotonicTime now) {
    attached.add(its);
    look(now);
  }

  @Override
  public void detached(PeerId its, MonotonicTime now) {
    attached.remove(its);
    if (node.filter(its::equals).isPresent()) {
      node = Optional.empty();
      if (visit > 0) {
        fail(IntroductionEvent.Cause.BROKEN_OFF, now);
      } else {
        look(now);
      }
    }
  }

  /** Knocks where nobody said yet that there is no such number. */
  private void look(MonotonicTime now) {
    if (isOver || node.isPresent() || retry.isPresent()) {
      return;
    }
    List<PeerId> left = attached.stream().filter(its -> !without.contains(its)).toList();
    node = Code.ranking(code.number(), left).stream().findFirst();
    if (node.isPresent()) {
      knock =
          carrier.ask(node.get(), id -> new Frame.Knock(id, code.number(), handshake.knock()), now);
    } else if (isSettled) {
      fail(nobody(), now);
    }
  }

  private IntroductionEvent.Cause nobody() {
    return without.isEmpty()
        ? IntroductionEvent.Cause.NO_NODE
        : IntroductionEvent.Cause.NO_SUCH_CODE;
  }

  @Override
  public void take(PeerId from, ClientEvent event, MonotonicTime now) {
    if (isOver || node.isEmpty() || !node.get().equals(from)) {
      return;
    }
    if (event instanceof ClientEvent.Answered answered) {
      answered(from, answered, now);
    } else if (event instanceof ClientEvent.PlateSaid said
        && said.said().number() == code.number()
        && said.said().visit() == visit) {
      said(said.said().data(), now);
    } else if (event instanceof ClientEvent.PlateLeft left
        && left.left().number() == code.number()
        && visit > 0) {
      fail(
          proof > 0 ? IntroductionEvent.Cause.WRONG_WORDS : IntroductionEvent.Cause.BROKEN_OFF,
          now);
    }
  }

  private void answered(PeerId from, ClientEvent.Answered answered, MonotonicTime now) {
    Optional<Frame> answer = answered.answer();
    if (answered.request() == knock && visit == 0) {
      if (answer.isPresent() && answer.get() instanceof Frame.Knocked knocked) {
        visit = Math.max(1, knocked.visit());
        end = now.plus(STEP);
        return;
      }
      node = Optional.empty();
      Optional<Duration> wait =
          answer.isPresent() && answer.get() instanceof Frame.Refusal refusal
              ? refusal.retryAfter()
              : Optional.empty();
      if (wait.isPresent()) {
        retry = Optional.of(now.plus(shorter(wait.get(), LONGEST_WAIT)));
      } else {
        without.add(from);
        look(now);
      }
    } else if (answered.request() == proof
        && proof > 0
        && answer.filter(Frame.Delivered.class::isInstance).isEmpty()) {
      fail(IntroductionEvent.Cause.BROKEN_OFF, now);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void said(Bytes data, MonotonicTime now) {
    if (visit == 0) {
      return;
    }
    if (Handshake.isWrong(data)) {
      fail(IntroductionEvent.Cause.WRONG_WORDS, now);
    } else if (proof == 0) {
      prove(handshake.prove(data), now);
    } else if (handshake.complete(data)) {
      isOver = true;
      events.add(new IntroductionEvent.Met(handshake.result().orElseThrow()));
    } else {
      fail(IntroductionEvent.Cause.WRONG_WORDS, now);
    }
  }

  private void prove(Optional<Bytes> message, MonotonicTime now) {
    if (message.isEmpty() || node.isEmpty()) {
      fail(IntroductionEvent.Cause.BROKEN_OFF, now);
      return;
    }
    end = now.plus(STEP);
    proof =
        carrier.ask(
            node.get(), id -> new Frame.PlateSay(id, code.number(), visit, message.get()), now);
  }

  private void fail(IntroductionEvent.Cause cause, MonotonicTime now) {
    close(now);
    events.add(new IntroductionEvent.Failed(cause));
  }

  @Override
  public void close(MonotonicTime now) {
    if (!isOver && node.isPresent() && visit > 0) {
      carrier.ask(node.get(), id -> new Frame.LeavePlate(id, code.number(), visit), now);
    }
    isOver = true;
  }

  @Override
  public void advance(MonotonicTime now) {
    if (isOver) {
      return;
    }
    if (!now.isBefore(end)) {
      fail(visit > 0 ? IntroductionEvent.Cause.BROKEN_OFF : nobody(), now);
    } else if (retry.isPresent() && !now.isBefore(retry.get())) {
      retry = Optional.empty();
      look(now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return isOver
        ? Optional.empty()
        : Stream.concat(retry.stream(), Stream.of(end)).min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<IntroductionEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
