package dev.culvert.cli.turn;

import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What goes through the relay. */
final class EchoOptions {
  private static final int MOST = 10_000;
  private static final int LONGEST = 9000;
  private static final Duration LONGEST_THROUGHPUT = Duration.ofSeconds(30);
  private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      description =
          "Who sends the datagrams back: relay, a second allocation; own, a socket of this host;"
              + " ADDRESS:PORT, a host that sends everything back; or auto, a second allocation,"
              + " and an own socket if the relay does not relay to itself (default:"
              + " ${DEFAULT-VALUE}).")
  private String peer = "auto";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many datagrams to send over each way (default: ${DEFAULT-VALUE}).")
  private int count = 10;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      description = "The bytes of each, 12 to 9000 (default: ${DEFAULT-VALUE}).")
  private int size = 200;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "The time between two of them (default: 20ms).")
  private Duration interval = Duration.ofMillis(20);

  @Option(
      names = "--throughput",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "After that send for so long, at most 30s, as fast as datagrams come back, of 1000 bytes"
              + " or --size if that is more. It loads the relay.")
  private @Nullable Duration throughput;

  /**
   * All of it.
   *
   * @throws Fault if a number is out of range
   */
  TestPlan.EchoPlan plan() {
    if (count < 1 || count > MOST) {
      throw Fault.usage("--count " + count + " is out of range", "give 1 to " + MOST);
    }
    if (size < EchoSeries.SHORTEST || size > LONGEST) {
      throw Fault.usage(
          "--size " + size + " is out of range",
          "give " + EchoSeries.SHORTEST + " to " + LONGEST + " bytes");
    }
    if (interval.compareTo(LONGEST_INTERVAL) > 0) {
      throw Fault.usage("--interval is too long", "give 1ms to 10s");
    }
    if (throughput != null && throughput.compareTo(LONGEST_THROUGHPUT) > 0) {
      throw Fault.usage("--throughput is too long", "give at most 30s");
    }
    return new TestPlan.EchoPlan(
        PeerChoice.parse(peer), count, size, interval, Optional.ofNullable(throughput));
  }
}
