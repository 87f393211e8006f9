package dev.culvert.cli.lab.run;

import dev.culvert.cli.Console;
import dev.culvert.lab.LabException;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.scenario.ScenarioListener;
import dev.culvert.lab.scenario.Step;
import dev.culvert.lab.scenario.StepResult;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Packet;
import dev.culvert.sansio.MonotonicTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells people how a scenario goes on, and has its packets captured. */
final class RunListener implements ScenarioListener {
  private final Console console;
  private final Scenario scenario;
  private final Optional<Path> captures;
  private final boolean trace;
  private Optional<LabWorld> world = Optional.empty();

  RunListener(Console console, Scenario scenario, Optional<Path> captures, boolean trace) {
    this.console = console;
    this.scenario = scenario;
    this.captures = captures;
    this.trace = trace;
  }

  @Override
  public void began(Scenario ignored, LabWorld itsWorld) throws LabException {
    world = Optional.of(itsWorld);
    if (captures.isPresent()) {
      List<String> names = new ArrayList<>();
      itsWorld.spec().hosts().forEach(host -> names.add(host.name()));
      itsWorld.spec().routers().forEach(router -> names.add(router.name()));
      for (String name : names) {
        itsWorld.capture(name, captures.get().resolve(prefix(itsWorld) + name + ".pcap"));
      }
    }
    if (trace && itsWorld instanceof SimWorld sim) {
      sim.world().observe((now, where, packet, fate) -> trace(now, where, packet, fate));
    }
  }

  private void trace(MonotonicTime now, String where, Packet packet, String fate) {
    String what = packet.protocol() + " " + packet.source() + " > " + packet.destination();
    String size = " " + packet.payload().length() + " bytes";
    console.say(at(Duration.ofNanos(now.nanos())) + where + ": " + what + size + ": " + fate);
  }

  private String prefix(LabWorld itsWorld) {
    Path file = Path.of(scenario.file()).getFileName();
    String stem = String.valueOf(file).replaceAll("\\.scenario$", "");
    return stem + "." + itsWorld.kind().code() + ".";
  }

  @Override
  public void began(Step step) {
    String where = world.map(it -> " (" + it.kind().code() + ")").orElse("");
    if (trace) {
      console.say(now() + "line " + step.line() + where + ": " + step.text());
    } else {
      console.progress(scenario.file() + where + ": " + step.text());
    }
  }

  @Override
  public void ended(StepResult step) {
    if (trace && step.outcome() != StepResult.Outcome.PASSED) {
      console.say(now() + "line " + step.line() + ": " + step.detail());
    }
  }

  @Override
  public void said(Step step, String output) {
    if (trace) {
      output.strip().lines().forEach(line -> console.say(now() + "  | " + line));
    }
  }

  @Override
  public Path captureDirectory() {
    return captures.orElse(Path.of(""));
  }

  private String now() {
    return world.map(it -> at(it.elapsed())).orElse("");
  }

  private static String at(Duration time) {
    return String.format(Locale.ROOT, "%9.3f ", time.toNanos() / 1e9);
  }
}
