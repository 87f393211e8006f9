package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.time.Duration;

/** How fast a stream is, toward a {@link Reception}. */
public final class Measure {
  private static final int CHUNK = 32 * 1024;

  /** For what is on its way when the time is over; more is not waited for. */
  private static final Duration REST = Duration.ofSeconds(20);

  private Measure() {}

  /**
   * What went over.
   *
   * @param bytes which the receiving side has counted
   * @param time from the first byte to the word that the last one came
   */
  public record Flow(long bytes, Duration time) {
    /** Bits in a second, in millions. */
    public double megabits() {
      return time.isZero() ? 0 : bytes * 8 / (time.toNanos() / 1e3);
    }
  }

  /** Sends for this time. */
  public static Flow toward(StreamSource streams, Duration time) throws IOException {
    try (TwoWay stream = streams.open()) {
      new Purpose.Sink().ask(stream);
      byte[] chunk = new byte[CHUNK];
      long begin = System.nanoTime();
      do {
        stream.output().write(chunk);
      } while (System.nanoTime() - begin < time.toNanos());
      stream.output().close();
      long bytes = Purpose.answer(stream.input()).number("bytes").orElse(0L);
      return new Flow(bytes, Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  /** Has the other side send for this time. */
  public static Flow from(StreamSource streams, Duration time) throws IOException {
    try (TwoWay stream = streams.open()) {
      new Purpose.Source(time).ask(stream);
      stream.output().close();
      byte[] chunk = new byte[CHUNK];
      long begin = System.nanoTime();
      long bytes = 0;
      for (int got = stream.input().read(chunk); got >= 0; got = stream.input().read(chunk)) {
        bytes += got;
        if (System.nanoTime() - begin > time.plus(REST).toNanos()) {
          throw StreamFault.malformed("the other side does not end what was to be measured");
        }
      }
      return new Flow(bytes, Duration.ofNanos(System.nanoTime() - begin));
    }
  }
}
