package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.reach.ReachDescription;
import dev.culvert.cli.lab.reach.ReachEvent;
import dev.culvert.cli.lab.reach.ReachLines;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/** A side in a process on a host of the kernel's lab, told of the other on its standard input. */
final class KernelSide extends ReachSide {
  private final HostProcess process;

  KernelSide(
      KernelWorld world,
      String host,
      TransportAddress local,
      TransportAddress server,
      Duration limit,
      Runnable onChange)
      throws LabException {
    super(onChange);
    process =
        HostProcess.start(
            world,
            host,
            line -> ReachLines.read(line).ifPresent(this::heard),
            "lab",
            "side",
            "--local=" + local,
            "--server=" + server,
            "--limit=" + VerbArguments.text(limit));
  }

  @Override
  void meet(ReachDescription other) {
    process.write(ReachLines.write(new ReachEvent.Described(other)));
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
