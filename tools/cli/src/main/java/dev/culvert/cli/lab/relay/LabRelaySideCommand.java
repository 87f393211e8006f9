package dev.culvert.cli.lab.relay;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.lab.side.LineTalk;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code culvert lab relay-side}: one side of two that talk through a relay, told of the other on
 * its standard input; it ends with that input.
 */
@Command(
    name = "relay-side",
    hidden = true,
    header = "One side of two that talk through a relay; speaks JSON lines.")
public final class LabRelaySideCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RelayAccessOptions access = new RelayAccessOptions();

  @Option(names = "--count", paramLabel = "N", description = "How many datagrams to have back.")
  private int count = 20;

  @Option(names = "--no-permission", description = "Do not let the other side send.")
  private boolean noPermission;

  @Option(
      names = "--limit",
      required = true,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to try.")
  private Duration limit = Duration.ofSeconds(1);

  LabRelaySideCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    RelayMachine machine =
        new RelayMachine(
            new RelayPlan(access.configs(), count, !noPermission, limit), new SecureRandom());
    return new LineTalk<RelayEvent>(machine, LabRelaySideCommand::words)
        .run(
            console,
            (line, now) -> {
              if (RelayLines.read(line).orElse(null) instanceof RelayEvent.Described other) {
                machine.meet(other.description(), now);
              }
            },
            machine::close);
  }

  private static Optional<String> words(RelayEvent event) {
    return event instanceof RelayEvent.Closed
        ? Optional.empty()
        : Optional.of(RelayLines.write(event));
  }
}
