package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.ice.IcePolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert ping}. */
@Command(
    name = "ping",
    header = "Sends datagrams to a peer and back, and tells the path of each.",
    description = {
      "The other side runs 'culvert listen'. Most connections begin relayed: the replies show when"
          + " the direct path takes over, and which plan has opened it. A datagram may be lost; it"
          + " is not sent again."
    },
    exitCodeList = {
      "0:replies came",
      "2:the command line, the key file, a node or the invite is not understood",
      "3:there is a relay only, and --require direct or --until-direct wants more",
      "4:the other side cannot be reached, or left",
      "5:a limit, of this host or of nodes",
      "6:no usable network",
      "7:the other side declines, or is not who it should be",
      "8:no answer in time, or no reply at all",
      "130:interrupted"
    })
public final class PingCommand implements Callable<Integer> {
  private static final int USUAL = 10;
  private static final int MOST = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(10);

  private final Console console;

  @Mixin private CallOptions call = new CallOptions();

  @Option(
      names = {"-c", "--count"},
      paramLabel = "N",
      description = "How many to send (default: 10; with --until-direct as many as it takes).")
  private Optional<Integer> count = Optional.empty();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to wait between two (default: 1s).")
  private Duration interval = Duration.ofSeconds(1);

  @Option(
      names = "--until-direct",
      description = "End with the first reply over a direct path, or after --wait with code 3.")
  private boolean untilDirect;

  PingCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    count
        .filter(its -> its < 1 || its > MOST)
        .ifPresent(
            its -> {
              throw Fault.usage("--count " + its + " is out of range", "give 1 to " + MOST);
            });
    if (interval.compareTo(SHORTEST) < 0) {
      throw Fault.usage("--interval is too short", "give at least 10ms");
    }
    if (untilDirect && call.join().policy() == IcePolicy.RELAY_ONLY) {
      throw Fault.usage("--until-direct and --policy relay-only exclude each other", "choose");
    }
    int most = count.orElse(untilDirect ? MOST : USUAL);
    return new PingRun(console, call, most, interval, untilDirect).run().number();
  }
}
