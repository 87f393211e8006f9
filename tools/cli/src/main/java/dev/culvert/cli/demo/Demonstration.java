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

/**
 * The demonstration in either world: a lab, a node on its servers, a check behind each NAT, and two
 * peers that connect and keep talking while something breaks.
 */
final class Demonstration {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SILENCE = Duration.ofSeconds(3);
  private static final Duration ENOUGH = Duration.ofSeconds(10);

  /** What a busy machine may take, which no other has to wait for. */
  private static final Duration LONGEST = Duration.ofSeconds(40);

  private static final List<String> SERVERS = List.of("s1", "s2");
  private static final String CALLER = "alice";
  private static final String CALLEE = "bob";
  private static final String HARD = "symseq";

  private final Console console;
  private final LabWorld world;
  private final List<Profile> profiles;
  private final Map<Integer, Begun> running = new TreeMap<>();
  private final Map<Integer, DemoResult> results = new TreeMap<>();

  /** All that there is to show. */
  record Shown(List<DemoResult> results, DemoStory story) {}

  private record Begun(VerbRun check, Duration at) {}

  private Demonstration(Console console, LabWorld world, List<Profile> profiles) {
    this.console = console;
    this.world = world;
    this.profiles = profiles;
  }

  /** Runs a check behind each simulated NAT. */
  static Shown simulated(Console console, List<Profile> profiles) throws LabException {
    try (LabWorld world = SimWorld.up(spec(profiles))) {
      return new Demonstration(console, world, profiles).run();
    }
  }

  /**
   * Runs a check behind each of the kernel's NATs.
   *
   * @throws LabException if no lab can start here
   */
  static Shown kernel(Console console, List<Profile> profiles) throws LabException {
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
    builder.home(CALLER, HARD).home(CALLEE, HARD);
    return builder.build();
  }

  private static String host(int index) {
    return "h" + index;
  }

  private Shown run() throws LabException {
    console.progress("starting a node on each server ...");
    List<VerbRun> nodes = new ArrayList<>();
    for (String server : SERVERS) {
      // Peers meet at the first, which also relays.
      List<String> what = nodes.isEmpty() ? List.of("--rendezvous", "--relay") : List.of();
      nodes.add(Verbs.named("node").start(world, server, what));
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
    DemoStory story = story();
    nodes.forEach(VerbRun::stop);
    return new Shown(List.copyOf(results.values()), story);
  }

  /** Two behind hard NATs connect, and then one of their routers is started anew. */
  private DemoStory story() throws LabException {
    console.progress("two peers behind hard NATs connect ...");
    VerbRun connect = Verbs.named("connect").start(world, CALLER, List.of(CALLEE));
    try {
      world.await(connect::isReady, PATIENCE);
      boolean direct = world.await(() -> isDirect(connect), LONGEST);
      Map<String, String> before = connect.fields();
      if (direct) {
        console.progress("one of their routers is started anew ...");
        world.reboot(CALLER + "-nat");
        world.pass(SILENCE);
        if (!world.await(() -> isDirect(connect), ENOUGH)) {
          world.await(connect::isReady, LONGEST);
        }
      }
      return new DemoStory(before, connect.fields());
    } finally {
      connect.stop();
    }
  }

  private static boolean isDirect(VerbRun connect) {
    return "direct".equals(connect.fields().get("outcome"));
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
