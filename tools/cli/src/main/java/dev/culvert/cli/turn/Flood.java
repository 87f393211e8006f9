package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Sends as much as comes back: a fixed number of datagrams is under way, and whatever is lost is
 * replaced a little later. So it never sends faster than the relay carries. Confined to one thread.
 */
final class Flood {
  private static final int UNDER_WAY = 32;
  private static final long MOST = 1_000_000;
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Bytes tag;
  private final int size;
  private final Consumer<Bytes> out;
  private final MonotonicTime begun;
  private final MonotonicTime ends;
  private long sent;
  private long back;
  private long bytes;
  private MonotonicTime lastBack;

  /**
   * Begins.
   *
   * @param out sends
   */
  Flood(long tag, int size, Duration length, Consumer<Bytes> out, MonotonicTime now) {
    byte[] first = new byte[8];
    for (int i = 0; i < first.length; i++) {
      first[i] = (byte) (tag >> (56 - 8 * i));
    }
    this.tag = Bytes.wrap(first);
    this.size = Math.max(size, EchoSeries.SHORTEST);
    this.out = out;
    begun = now;
    lastBack = now;
    ends = now.plus(length);
    refill();
  }

  private void refill() {
    for (int i = 0; i < UNDER_WAY; i++) {
      send();
    }
  }

  private void send() {
    if (sent < MOST) {
      byte[] datagram = new byte[size];
      tag.copyTo(datagram, 0);
      datagram[8] = (byte) (sent >> 24);
      datagram[9] = (byte) (sent >> 16);
      datagram[10] = (byte) (sent >> 8);
      datagram[11] = (byte) sent;
      sent++;
      out.accept(Bytes.wrap(datagram));
    }
  }

  /** Takes what came back. */
  void take(Bytes datagram, MonotonicTime now) {
    if (datagram.length() == size && datagram.startsWith(tag) && now.isBefore(ends)) {
      back++;
      bytes += size;
      lastBack = now;
      send();
    }
  }

  /** Replaces what must be lost by now. */
  void advance(MonotonicTime now) {
    if (now.isBefore(ends) && !now.isBefore(lastBack.plus(PATIENCE))) {
      lastBack = now;
      refill();
    }
  }

  MonotonicTime nextDeadline() {
    MonotonicTime again = lastBack.plus(PATIENCE);
    return again.isBefore(ends) ? again : ends;
  }

  /** What was carried, once it is over. */
  Optional<Throughput> result(MonotonicTime now) {
    return now.isBefore(ends)
        ? Optional.empty()
        : Optional.of(new Throughput(ends.since(begun), back, bytes));
  }
}
