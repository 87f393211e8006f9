package dev.culvert.cli.lab.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The datagrams that one side sends to have them back: of many sizes, each one different. */
final class RelayTrial {
  private static final int QUESTION = '?';
  private static final int ANSWER = '!';
  private static final int SHORTEST = 12;
  private static final int SIZES = 1100;

  private final long tag;
  private final Map<Integer, MonotonicTime> sentAt = new HashMap<>();
  private final Map<Integer, Duration> roundTrips = new HashMap<>();

  /** A trial whose datagrams nobody else's are like. */
  RelayTrial(long tag) {
    this.tag = tag;
  }

  /** The datagram with this number; the time of its first sending counts. */
  Bytes question(int number, MonotonicTime now) {
    sentAt.putIfAbsent(number, now);
    return datagram(QUESTION, number);
  }

  private Bytes datagram(int kind, int number) {
    byte[] bytes = new byte[SHORTEST + number * 61 % SIZES];
    for (int i = SHORTEST; i < bytes.length; i++) {
      bytes[i] = (byte) (number + i);
    }
    bytes[0] = (byte) kind;
    for (int i = 0; i < 8; i++) {
      bytes[1 + i] = (byte) (tag >> (8 * i));
    }
    bytes[9] = (byte) (number >> 16);
    bytes[10] = (byte) (number >> 8);
    bytes[11] = (byte) number;
    return Bytes.wrap(bytes);
  }

  /** What to send back for a datagram of the other side; empty if it is no question. */
  static Optional<Bytes> answer(Bytes question) {
    if (question.length() < SHORTEST || question.at(0) != QUESTION) {
      return Optional.empty();
    }
    byte[] bytes = question.toByteArray();
    bytes[0] = ANSWER;
    return Optional.of(Bytes.wrap(bytes));
  }

  /** Takes a datagram of the other side, which counts if it is the very one that was sent. */
  void take(Bytes answer, MonotonicTime now) {
    if (answer.length() < SHORTEST) {
      return;
    }
    int number = answer.at(9) << 16 | answer.uint16(10);
    MonotonicTime sent = sentAt.get(number);
    if (sent != null && answer.equals(datagram(ANSWER, number))) {
      roundTrips.putIfAbsent(number, now.since(sent));
    }
  }

  boolean hasBack(int number) {
    return roundTrips.containsKey(number);
  }

  /** How many of the numbers from 1 to {@code last} came back. */
  int back(int last) {
    return (int) roundTrips.keySet().stream().filter(n -> n >= 1 && n <= last).count();
  }

  /** The median round trip; empty if nothing came back. */
  Optional<Duration> median() {
    List<Duration> sorted = new ArrayList<>(roundTrips.values());
    sorted.sort(null);
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get(sorted.size() / 2));
  }
}
