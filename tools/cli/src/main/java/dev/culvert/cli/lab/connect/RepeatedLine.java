package dev.culvert.cli.lab.connect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * {@link Records} over datagrams, each repeated until the other side has it and handed on in order:
 * what stands for a stream where there is no QUIC. It never gives up and keeps at most 512 records
 * either way.
 */
final class RepeatedLine {
  private static final Duration PACE = Duration.ofMillis(50);
  private static final Duration REPEAT = Duration.ofMillis(500);
  private static final int MOST = 512;
  private static final int AT_ONCE = 16;
  private static final int HEAD = Long.BYTES;

  private final TreeMap<Long, MonotonicTime> unheard = new TreeMap<>();
  private final TreeMap<Long, byte[]> early = new TreeMap<>();
  private Optional<MonotonicTime> nextSend = Optional.empty();
  private long nextNumber;
  private long awaited;

  /** Begins to say something, or goes on. */
  void begin(MonotonicTime now) {
    if (nextSend.isEmpty()) {
      nextSend = Optional.of(now);
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    return nextSend;
  }

  /** The datagrams that are due. */
  List<Bytes> due(MonotonicTime now) {
    if (nextSend.filter(at -> !now.isBefore(at)).isEmpty()) {
      return List.of();
    }
    nextSend = Optional.of(now.plus(PACE));
    List<Long> numbers =
        new ArrayList<>(
            unheard.entrySet().stream()
                .filter(each -> now.since(each.getValue()).compareTo(REPEAT) >= 0)
                .limit(AT_ONCE)
                .map(each -> each.getKey())
                .toList());
    if (unheard.size() < MOST) {
      numbers.add(nextNumber++);
    }
    // Nothing new and nothing old: the other side still wants to hear what came.
    if (numbers.isEmpty()) {
      numbers.add(unheard.lastKey());
    }
    List<Bytes> datagrams = new ArrayList<>();
    for (long number : numbers) {
      unheard.put(number, now);
      ByteBuffer datagram = ByteBuffer.allocate(HEAD + Records.SIZE);
      datagram.putLong(awaited).put(Records.of(number)).flip();
      datagrams.add(Bytes.copyOf(datagram));
    }
    return datagrams;
  }

  /**
   * Takes a datagram.
   *
   * @return the records that are next in order by now
   */
  List<byte[]> take(Bytes datagram) {
    if (datagram.length() != HEAD + Records.SIZE) {
      return List.of();
    }
    unheard.headMap(datagram.int64(0)).clear();
    byte[] record = datagram.slice(HEAD).toByteArray();
    OptionalLong number = Records.number(record);
    if (number.isPresent()
        && number.getAsLong() >= awaited
        && number.getAsLong() < awaited + MOST) {
      early.put(number.getAsLong(), record);
    }
    List<byte[]> inOrder = new ArrayList<>();
    for (byte[] next = early.remove(awaited); next != null; next = early.remove(awaited)) {
      inOrder.add(next);
      awaited++;
    }
    return inOrder;
  }
}
