package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.VerbRun;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** {@code culvert check} on a host of the kernel's lab. */
final class KernelCheck implements VerbRun {
  private final HostProcess process;

  KernelCheck(KernelWorld world, String host, List<String> line) throws LabException {
    process = HostProcess.start(world, host, out -> {}, line.toArray(String[]::new));
  }

  @Override
  public boolean isReady() {
    return true;
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
  public int exitCode() {
    return process.exitCode();
  }

  @Override
  public Map<String, String> fields() {
    try {
      return JsonFields.read(process.out());
    } catch (IOException e) {
      return Map.of();
    }
  }

  @Override
  public String output() {
    return process.out() + process.err();
  }
}
