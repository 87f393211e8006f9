package dev.culvert.cli.demo;

import dev.culvert.cli.Console;
import dev.culvert.cli.lab.verb.Traits;
import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The demonstration in either world: a lab, a node on its servers, a check behind each NAT. */
final class Demonstration {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<String> SERVERS = List.of("s1", "s2");

  private final Console console;
  private final LabWorld world;
  private final List<Profile> profiles;
  private final Map<Integer, Begun> running = new TreeMap<>();
  private final Map<Integer, DemoResult> results = new TreeMap<>();

  private record Begun(VerbRun check, Duration at) {}

  private Demonstration(Console console, LabWorld world, List<Profile> profiles) {
    this.console = console;
    this.world = world;
    this.profiles = profiles;
  }

  /** Runs a check behind each simulated NAT. */
  static List<DemoResult> simulated(Console console, List<Profile> profiles) throws LabException {
    try (LabWorld world = SimWorld.up(spec(profiles))) {
      return new Demonstration(console, world, profiles).run();
    }
  }

  /**
   * Runs a check behind each of the kernel's NATs.
   *
   * @throws LabException if no lab can start here
   */
  static List<DemoResult> kernel(Console console, List<Profile> profiles) throws LabException {
    console.progress("starting a lab with " + profiles.size() + " kinds of NAT ...");
    try (LabWorld world = KernelWorld.up(spec(profiles))) {
      return new Demonstration(console, world, profiles).run();
    }
  }

  private static LabSpec spec(List<Profile> profiles) {
    LabSpecBuilder builder = LabSpec.builder();
    for (int i = 0; i < profiles.size(); i++) {
      builder.home(host(i), profiles.get(i));
    }
    return builder.build();
  }

  private static String host(int index) {
    return "h" + index;
  }

  private List<DemoResult> run() throws LabException {
    console.progress("starting a node on each server ...");
    List<VerbRun> nodes = new ArrayList<>();
    for (String server : SERVERS) {
      nodes.add(Verbs.named("node").start(world, server, List.of()));
    }
    if (!world.await(() -> nodes.stream().allMatch(VerbRun::isReady), PATIENCE)) {
      throw new LabException("the node does not get ready: " + nodes.get(0).output().strip());
    }
    // More at once than there are processors would only make each of them late.
    int atOnce = Math.max(2, Runtime.getRuntime().availableProcessors());
    for (int next = 0; next < profiles.size() || !running.isEmpty(); ) {
      if (next < profiles.size() && running.size() < atOnce) {
        begin(next++);
      } else {
        world.await(
            () -> running.values().stream().anyMatch(begun -> begun.check().isDone()), PATIENCE);
        collect();
      }
    }
    nodes.forEach(VerbRun::stop);
    return List.copyOf(results.values());
  }

  private void begin(int index) throws LabException {
    List<String> arguments = new ArrayList<>(List.of("-4"));
    SERVERS.forEach(server -> arguments.addAll(List.of("--server", server)));
    VerbRun check = Verbs.named("check").start(world, host(index), arguments);
    running.put(index, new Begun(check, world.elapsed()));
  }

  /** Takes what is done; where nothing was within all patience, what there is. */
  private void collect() {
    boolean late = running.values().stream().noneMatch(begun -> begun.check().isDone());
    for (Map.Entry<Integer, Begun> entry : List.copyOf(running.entrySet())) {
      int index = entry.getKey();
      VerbRun check = entry.getValue().check();
      if (late) {
        check.stop();
      }
      if (late || check.isDone()) {
        Duration elapsed = world.elapsed().minus(entry.getValue().at());
        running.remove(index);
        Map<String, String> fields = check.fields();
        String grade = fields.getOrDefault("verdict.grade", "none");
        results.put(
            index, new DemoResult(profiles.get(index), Traits.found(fields), grade, elapsed));
        console.progress("checked behind " + results.size() + " of " + profiles.size());
      }
    }
  }
}
