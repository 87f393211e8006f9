package dev.culvert.cli.lab.reach;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.lab.side.LineTalk;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code culvert lab side}: one side of two that try to reach each other, told of the other on its
 * standard input; it ends with that input.
 */
@Command(
    name = "side",
    hidden = true,
    header = "One side of two that try to reach each other; speaks JSON lines.")
public final class LabSideCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--local",
      required = true,
      paramLabel = "ADDRESS:PORT",
      description = "The address to use; port 0 for a fresh one.")
  private String local = "";

  @Option(
      names = "--server",
      required = true,
      paramLabel = "ADDRESS:PORT",
      description = "The STUN server to ask.")
  private String server = "";

  @Option(
      names = "--limit",
      required = true,
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long to try.")
  private Duration limit = Duration.ofSeconds(1);

  LabSideCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ReachMachine machine =
        new ReachMachine(
            address("--local", local), address("--server", server), limit, new SecureRandom());
    return new LineTalk<ReachEvent>(machine, event -> Optional.of(ReachLines.write(event)))
        .run(
            console,
            (line, now) -> {
              if (ReachLines.read(line).orElse(null) instanceof ReachEvent.Described other) {
                machine.meet(other.description(), now);
              }
            });
  }

  private static TransportAddress address(String option, String text) {
    return ReachLines.address(text)
        .orElseThrow(
            () -> Fault.usage(option + " '" + text + "' is no address", "write 192.0.2.1:3478"));
  }
}
