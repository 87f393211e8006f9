package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.Purpose;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert perf}. */
@Command(
    name = "perf",
    header = "Measures what the paths to a peer carry, relayed and direct.",
    description = {
      "The other side runs 'culvert listen'. First it connects through a relay alone, then by"
          + " whatever path there is, and waits for a direct one. Over each it measures the"
          + " throughput of one stream in both directions, and how many of some datagrams come"
          + " back, how fast and how evenly. --policy relay-only or direct-only leaves the other"
          + " out."
    },
    exitCodeList = {
      "0:a direct path was measured, or what --policy asks for",
      "2:the command line, the key file, a node or the invite is not understood",
      "3:there is a relay only",
      "4:the other side cannot be reached, or left",
      "5:a limit, of this host or of nodes",
      "6:no usable network",
      "7:the other side declines, or is not who it should be",
      "8:no answer in time",
      "130:interrupted"
    })
public final class PerfCommand implements Callable<Integer> {
  private static final int MOST_DATAGRAMS = 10_000;

  private final Console console;

  @Mixin private CallOptions call = new CallOptions();

  @Option(
      names = "--time",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to send in each direction over each path (default: 5s).")
  private Duration time = Duration.ofSeconds(5);

  @Option(
      names = "--datagrams",
      paramLabel = "N",
      description = "How many datagrams to send over each path, 50 a second (default: 100).")
  private int datagrams = 100;

  PerfCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (time.compareTo(Purpose.LONGEST_SOURCE) > 0) {
      throw Fault.usage("--time is too long", "give at most 1m");
    }
    if (datagrams < 1 || datagrams > MOST_DATAGRAMS) {
      throw Fault.usage("--datagrams " + datagrams + " is out of range", "give 1 to 10000");
    }
    return new PerfRun(console, call, time, datagrams).run().number();
  }
}
