package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.relay.RelayDescription;
import dev.culvert.cli.lab.relay.RelayEvent;
import dev.culvert.cli.lab.relay.RelayLines;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A side in a process on a host of the kernel's lab, told of the other on its standard input. */
final class KernelRelaySide extends RelaySide {
  private final HostProcess process;

  KernelRelaySide(KernelWorld world, String host, RelayAsk ask, boolean permits, Runnable onChange)
      throws LabException {
    super(onChange);
    process =
        HostProcess.start(
            world,
            host,
            line -> RelayLines.read(line).ifPresent(this::heard),
            commandLine(ask, permits).toArray(String[]::new));
  }

  private static List<String> commandLine(RelayAsk ask, boolean permits) throws LabException {
    List<String> line = new ArrayList<>(List.of("lab", "relay-side"));
    line.addAll(ask.access().commandLine());
    line.add("--count=" + ask.count());
    line.add("--limit=" + VerbArguments.text(ask.limit()));
    if (!permits) {
      line.add("--no-permission");
    }
    return line;
  }

  @Override
  void meet(RelayDescription other) {
    process.write(RelayLines.write(new RelayEvent.Described(other)));
  }

  @Override
  void stop() {
    process.stop();
  }

  @Override
  Optional<String> failure() {
    return super.failure().or(process::failure);
  }
}
