package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Numbered datagrams that are sent to have them back: each one different, none like anybody else's.
 * Confined to one thread.
 */
public final class EchoSeries {
  /** The least bytes of a datagram: its tag and its number. */
  public static final int SHORTEST = 12;

  private final Bytes tag;
  private final int size;
  private final Map<Integer, MonotonicTime> sentAt = new HashMap<>();
  private final Set<Integer> back = new HashSet<>();
  private final List<Duration> roundTrips = new ArrayList<>();
  private int highest = Integer.MIN_VALUE;
  private int sent;
  private int reordered;
  private int duplicates;
  private int altered;

  /** What became of a datagram that came. */
  public enum Arrival {
    /** It is one of the series, and back for the first time. */
    BACK,
    /** It is back once more. */
    AGAIN,
    /** It is one of the series, but was changed on the way. */
    ALTERED,
    /** It is somebody else's. */
    FOREIGN
  }

  /**
   * A series.
   *
   * @param tag what only its datagrams begin with
   * @param size of each datagram, {@link #SHORTEST} or more
   */
  public EchoSeries(long tag, int size) {
    byte[] bytes = new byte[8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (tag >> (56 - 8 * i));
    }
    this.tag = Bytes.wrap(bytes);
    this.size = size;
  }

  /** The datagram with this number, which counts as sent. */
  public Bytes send(int number, MonotonicTime now) {
    if (sentAt.put(number, now) == null) {
      sent++;
    }
    return datagram(number);
  }

  private Bytes datagram(int number) {
    byte[] bytes = new byte[size];
    tag.copyTo(bytes, 0);
    for (int i = 0; i < 4; i++) {
      bytes[8 + i] = (byte) (number >> (24 - 8 * i));
    }
    for (int i = SHORTEST; i < size; i++) {
      bytes[i] = (byte) (number * 31 + i * 7);
    }
    return Bytes.wrap(bytes);
  }

  /** Whether a datagram is one of the series, changed or not. */
  public boolean isIts(Bytes datagram) {
    return datagram.startsWith(tag);
  }

  /** Takes what came back. */
  public Arrival take(Bytes datagram, MonotonicTime now) {
    if (!isIts(datagram)) {
      return Arrival.FOREIGN;
    }
    int number = datagram.length() < SHORTEST ? -1 : datagram.int32(8);
    MonotonicTime when = sentAt.get(number);
    if (when == null || !datagram.equals(datagram(number))) {
      altered++;
      return Arrival.ALTERED;
    }
    if (!back.add(number)) {
      duplicates++;
      return Arrival.AGAIN;
    }
    roundTrips.add(now.since(when));
    if (number < highest) {
      reordered++;
    }
    highest = Math.max(highest, number);
    return Arrival.BACK;
  }

  /** How many have come back. */
  public int back() {
    return back.size();
  }

  /** What came of it so far. */
  public EchoFigures figures() {
    List<Duration> sorted = new ArrayList<>(roundTrips);
    sorted.sort(null);
    int size = sorted.size();
    return new EchoFigures(
        sent,
        size,
        reordered,
        duplicates,
        altered,
        size == 0 ? Optional.empty() : Optional.of(sorted.get(0)),
        size == 0 ? Optional.empty() : Optional.of(sorted.get(size / 2)),
        size == 0 ? Optional.empty() : Optional.of(sorted.get(size - 1)));
  }
}
