package dev.culvert.cli.ice;

import dev.culvert.cli.turn.EchoFigures;
import dev.culvert.cli.turn.EchoSeries;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Datagrams to the other side, which sends back what is not its own, and the same for the other
 * side; then both say that they are done, so that neither leaves while the other still asks.
 */
public final class Echo {
  private static final int SIZE = 64;
  private static final Duration PACE = Duration.ofMillis(50);
  private static final Duration PING = Duration.ofSeconds(1);

  /** For the last datagram to come back. */
  private static final Duration LAST = Duration.ofSeconds(1);

  private static final Duration REPEAT = Duration.ofMillis(100);

  /** Whoever is silent for so long has left. */
  private static final Duration SILENCE = Duration.ofSeconds(3);

  private static final Bytes DONE = Bytes.utf8("culvert ice: done");

  private final int count;
  private final Optional<Duration> keep;
  private final EchoSeries series;
  private final Queue<Duration> roundTrips = new ArrayDeque<>();
  private Optional<MonotonicTime> begun = Optional.empty();
  private Optional<MonotonicTime> next = Optional.empty();
  private MonotonicTime lastSent = new MonotonicTime(0);
  private MonotonicTime lastHeard = new MonotonicTime(0);
  private int sent;
  private int counted;
  private boolean done;
  private boolean otherDone;
  private boolean over;

  /**
   * An echo that has not begun.
   *
   * @param count how many datagrams
   * @param keep for how long to send one a second after that
   */
  public Echo(int count, Optional<Duration> keep, RandomGenerator random) {
    this.count = count;
    this.keep = keep;
    // No first byte of STUN, DTLS, RTP or TURN (RFC 7983 §7).
    this.series = new EchoSeries(0x6375_6c76_0000_0000L | (random.nextInt() & 0xffff_ffffL), SIZE);
  }

  /** Whether it was told to begin. */
  public boolean hasBegun() {
    return begun.isPresent();
  }

  /** Begins: there is a path. */
  public void begin(MonotonicTime now) {
    begun = Optional.of(now);
    next = Optional.of(now);
    lastHeard = now;
  }

  /** Takes what came over the path. */
  public void take(Bytes data, Consumer<Bytes> send, MonotonicTime now) {
    lastHeard = now;
    if (data.equals(DONE)) {
      otherDone = true;
    } else if (series.take(data, now) == EchoSeries.Arrival.FOREIGN) {
      send.accept(data);
    } else if (series.back() > counted) {
      counted = series.back();
      roundTrips.add(now.since(lastSent));
    }
  }

  /** A round trip that nobody was told of yet. */
  public Optional<Duration> pollRoundTrip() {
    return Optional.ofNullable(roundTrips.poll());
  }

  /** Does what is due. */
  public void advance(Consumer<Bytes> send, MonotonicTime now) {
    if (begun.isEmpty() || over) {
      return;
    }
    if (!done && isComplete(now)) {
      done = true;
      next = Optional.of(now);
    }
    if (done && otherDone) {
      // The other may have missed the first ones, and has nothing to hear any more.
      send.accept(DONE);
      send.accept(DONE);
      over = true;
    } else if (next.filter(at -> !now.isBefore(at)).isPresent()) {
      step(send, now);
    }
  }

  private boolean isComplete(MonotonicTime now) {
    boolean all = sent >= count && (series.back() >= sent || !now.isBefore(lastSent.plus(LAST)));
    return all && !now.isBefore(begun.orElseThrow().plus(keep.orElse(Duration.ZERO)));
  }

  private void step(Consumer<Bytes> send, MonotonicTime now) {
    if (done) {
      send.accept(DONE);
      over = now.since(lastHeard).compareTo(SILENCE) > 0;
      next = Optional.of(now.plus(REPEAT));
    } else if (sent < count || keep.isPresent()) {
      send.accept(series.send(sent++, now));
      lastSent = now;
      next = Optional.of(now.plus(sent < count ? PACE : keep.isPresent() ? PING : LAST));
    } else {
      next = Optional.of(lastSent.plus(LAST));
    }
  }

  /** Whether both are done, or the other is gone. */
  public boolean isOver() {
    return over;
  }

  /** What came of it so far. */
  public EchoFigures figures() {
    return series.figures();
  }

  /** When {@link #advance} has something to do; empty once it is over. */
  public Optional<MonotonicTime> nextDeadline() {
    return over ? Optional.empty() : next;
  }
}
