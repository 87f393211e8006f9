package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A client in a process on a host of the kernel's lab. */
final class KernelHold extends Hold {
  private final HostProcess process;

  KernelHold(KernelWorld world, String host, RelayAccess access, boolean reallocates)
      throws LabException {
    List<String> line = new ArrayList<>(List.of("lab", "hold"));
    line.addAll(access.commandLine());
    if (reallocates) {
      line.add("--reallocate");
    }
    process = HostProcess.start(world, host, this::heard, line.toArray(String[]::new));
  }

  private void heard(String line) {
    try {
      stands(JsonFields.read(line));
    } catch (IOException e) {
      // Not a line of its own; what a process says otherwise is shown with its end.
    }
  }

  @Override
  public boolean isDone() {
    return process.hasEnded();
  }

  @Override
  public void stop() {
    process.stop();
  }

  @Override
  public String output() {
    return (super.output() + "\n" + process.err()).strip();
  }
}
