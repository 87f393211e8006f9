package dev.culvert.cli.lab.reach;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    try (NetworkRuntime runtime = NetworkRuntime.create();
        MachineDriver<ReachEvent> driver =
            runtime.drive(machine, event -> console.print(ReachLines.write(event)));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        Optional<ReachEvent> said = ReachLines.read(line);
        if (said.isPresent() && said.get() instanceof ReachEvent.Described other) {
          driver.execute(now -> machine.meet(other.description(), now));
        }
      }
    }
    return ExitCode.OK.number();
  }

  private static TransportAddress address(String option, String text) {
    return ReachLines.address(text)
        .orElseThrow(
            () -> Fault.usage(option + " '" + text + "' is no address", "write 192.0.2.1:3478"));
  }
}
