package dev.culvert.cli.lab.hold;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;

/** The datagrams that a client sends to itself, each one different. */
final class Echoes {
  private static final int LENGTH = 160;
  private static final Duration RECENTLY = Duration.ofSeconds(1);

  private final long tag;
  private final BitSet back = new BitSet();
  private int sent;
  private Optional<MonotonicTime> last = Optional.empty();

  /** Datagrams that nobody else's are like. */
  Echoes(long tag) {
    this.tag = tag;
  }

  Bytes next() {
    return datagram(sent++);
  }

  private Bytes datagram(int number) {
    byte[] bytes = new byte[LENGTH];
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (tag >> (8 * i));
    }
    for (int i = 0; i < 4; i++) {
      bytes[8 + i] = (byte) (number >> (24 - 8 * i));
    }
    return Bytes.wrap(bytes);
  }

  /** Takes what came back; it counts once, and only if it is unchanged. */
  void take(Bytes data, MonotonicTime now) {
    if (data.length() != LENGTH) {
      return;
    }
    int number = data.uint16(8) << 16 | data.uint16(10);
    if (number >= 0 && number < sent && data.equals(datagram(number))) {
      back.set(number);
      last = Optional.of(now);
    }
  }

  int sent() {
    return sent;
  }

  /** How many of a hundred have not come back. */
  int lostPercent() {
    return sent == 0 ? 0 : 100 * (sent - back.cardinality()) / sent;
  }

  /** Whether something came back within the last second. */
  boolean flow(MonotonicTime now) {
    return last.filter(at -> now.since(at).compareTo(RECENTLY) <= 0).isPresent();
  }
}
