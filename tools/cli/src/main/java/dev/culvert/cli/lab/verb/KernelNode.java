package dev.culvert.cli.lab.verb;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.VerbRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code culvert node} on a host of the kernel's lab. */
final class KernelNode implements VerbRun {
  private final HostProcess process;
  private volatile String ready = "";

  KernelNode(KernelWorld world, String host, List<String> commandLine) throws LabException {
    process = HostProcess.start(world, host, this::heard, commandLine.toArray(String[]::new));
  }

  private void heard(String line) {
    if (ready.isEmpty() && line.startsWith("ready")) {
      ready = line;
    }
  }

  @Override
  public boolean isReady() {
    return !ready.isEmpty() && !process.hasEnded();
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
    Map<String, String> fields = new HashMap<>();
    Arrays.stream(ready.split(" "))
        .filter(word -> word.startsWith("udp="))
        .forEach(word -> fields.put("udp", word.substring("udp=".length())));
    return Map.copyOf(fields);
  }

  @Override
  public String output() {
    return process.out() + process.err();
  }
}
