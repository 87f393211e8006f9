package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.VerbRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A world, and what runs in it. */
final class Stage {
  /** What was begun on a host. */
  record Begun(String host, String verb, List<String> arguments, VerbRun run) {}

  private final LabWorld world;
  private final Map<String, Verb> verbs;
  private final Path captures;
  private final Map<String, Begun> last = new HashMap<>();
  private final Map<String, Optional<Begun>> before = new HashMap<>();
  private final List<Begun> history = new ArrayList<>();
  private final List<Begun> running = new ArrayList<>();
  private Optional<VerbRun> begun = Optional.empty();

  Stage(LabWorld world, Map<String, Verb> verbs, Path captures) {
    this.world = world;
    this.verbs = verbs;
    this.captures = captures;
  }

  LabWorld world() {
    return world;
  }

  Path captures() {
    return captures;
  }

  VerbRun begin(String host, String verb, List<String> arguments) throws LabException {
    Verb known = verbs.get(verb);
    if (known == null) {
      throw new IllegalArgumentException("there is no verb '" + verb + "'");
    }
    VerbRun run = known.start(world, host, arguments);
    Begun fresh = new Begun(host, verb, arguments, run);
    Optional<Begun> same =
        history.stream()
            .filter(earlier -> earlier.host().equals(host) && earlier.verb().equals(verb))
            .filter(earlier -> earlier.arguments().equals(arguments))
            .reduce((earlier, later) -> later);
    before.put(host, same);
    history.add(fresh);
    last.put(host, fresh);
    running.add(fresh);
    begun = Optional.of(run);
    return run;
  }

  Optional<VerbRun> last(String host) {
    return Optional.ofNullable(last.get(host)).map(Begun::run);
  }

  /** The run of the same verb with the same arguments on {@code host} before the last. */
  Optional<VerbRun> before(String host) {
    return before.getOrDefault(host, Optional.empty()).map(Begun::run);
  }

  /** What the verb said that the present step ran to its end, once. */
  Optional<String> takeSaid() {
    Optional<String> output = begun.map(VerbRun::output).filter(text -> !text.isBlank());
    begun = Optional.empty();
    return output;
  }

  /** Ends what runs on {@code host}, or only that verb; how many that were. */
  int stop(String host, Optional<String> verb, Duration limit) throws LabException {
    List<Begun> chosen =
        running.stream()
            .filter(begun -> begun.host().equals(host) && !begun.run().isDone())
            .filter(begun -> verb.isEmpty() || verb.get().equals(begun.verb()))
            .toList();
    chosen.forEach(begun -> begun.run().stop());
    world.await(() -> chosen.stream().allMatch(begun -> begun.run().isDone()), limit);
    running.removeAll(chosen);
    return chosen.size();
  }

  /** Ends everything, the last begun first: a client does not see its server go. */
  void stopAll() {
    for (int i = running.size() - 1; i >= 0; i--) {
      VerbRun run = running.get(i).run();
      if (!run.isDone()) {
        run.stop();
      }
    }
    running.clear();
  }
}
