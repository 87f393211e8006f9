package dev.culvert.cli.lab.verb;

import dev.culvert.ice.IceRole;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code culvert ice offer} or {@code answer} in a process on a host of the kernel's lab, told of
 * the other by a line on its standard input, as if somebody had pasted it.
 */
final class KernelIceSide extends IceSide {
  private final HostProcess process;

  KernelIceSide(KernelWorld world, String host, IceAsk ask, IceRole role, Runnable onChange)
      throws LabException {
    super(onChange);
    process =
        HostProcess.start(world, host, this::heard, commandLine(ask, role).toArray(String[]::new));
  }

  private static List<String> commandLine(IceAsk ask, IceRole role) throws LabException {
    String word = role == IceRole.CONTROLLING ? "offer" : "answer";
    List<String> line = new ArrayList<>(List.of("-o", "json", "ice", word));
    line.add("--address=" + IpLiterals.format(ask.local(), false));
    line.add("--stun=" + ask.server());
    line.add("--policy=" + ask.policy().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    line.add("--count=" + ask.count());
    line.add("--wait=" + VerbArguments.text(ask.limit()));
    if (ask.access().isPresent()) {
      line.addAll(ask.access().get().uris());
    }
    return line;
  }

  private void heard(String line) {
    if (!line.startsWith("{")) {
      described(line);
      return;
    }
    try {
      ended(JsonFields.read(line));
    } catch (IOException e) {
      failed("it told what is no JSON: " + line);
    }
  }

  @Override
  void meet(String other) {
    process.write(other);
  }

  @Override
  void stop() {
    process.stop();
  }

  @Override
  Optional<String> failure() {
    return super.failure().or(() -> result().isPresent() ? Optional.empty() : process.failure());
  }
}
