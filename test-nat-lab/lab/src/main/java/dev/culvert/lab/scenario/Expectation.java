package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.IpLiterals;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Looks at what the last verb on a host found.
 *
 * @param limit how long it may take to become so while that verb runs; empty: it must be so now
 */
record Expectation(String host, String field, Condition condition, Optional<Duration> limit)
    implements Action {
  @Override
  public boolean isExpectation() {
    return true;
  }

  @Override
  public void perform(Stage stage) throws LabException, StepFailure {
    VerbRun run =
        stage
            .last(host)
            .orElseThrow(() -> new StepFailure("nothing was run on " + host + " so far"));
    if (limit.isEmpty() || !comesTrue(stage, run, limit.get())) {
      check(stage, run);
    }
  }

  /** Whether it held at one time; it need not hold any more when that is known. */
  private boolean comesTrue(Stage stage, VerbRun run, Duration time) throws LabException {
    AtomicBoolean held = new AtomicBoolean();
    stage
        .world()
        .await(
            () -> {
              held.compareAndSet(false, holds(stage, run));
              return held.get() || run.isDone();
            },
            time);
    return held.get();
  }

  private boolean holds(Stage stage, VerbRun run) {
    try {
      check(stage, run);
      return true;
    } catch (StepFailure notYet) {
      return false;
    }
  }

  private void check(Stage stage, VerbRun run) throws StepFailure {
    Map<String, List<InetAddress>> addresses = stage.world().addresses();
    UnaryOperator<String> resolve =
        text -> Conditions.resolve(text, name -> address(addresses, name));
    String value = value(run);
    Optional<String> before = stage.before(host).map(earlier -> earlier.fields().get(field));
    Condition.Sight sight = new Condition.Sight(resolve, before);
    if (!condition.holds(value, sight)) {
      String within = limit.map(time -> " within " + VerbAction.words(time)).orElse("");
      throw new StepFailure("expected " + condition.words(sight) + within + ", found " + value);
    }
  }

  private String value(VerbRun run) throws StepFailure {
    if (field.equals("output")) {
      return run.output();
    }
    if (field.equals("exit")) {
      if (!run.isDone()) {
        throw new StepFailure("the last verb on " + host + " is still running");
      }
      return Integer.toString(run.exitCode());
    }
    Map<String, String> fields = new TreeMap<>(run.fields());
    String value = fields.get(field);
    if (value == null) {
      String near =
          NearestWord.of(field, fields.keySet())
              .map(word -> "; did you mean " + word + "?")
              .orElse(fields.isEmpty() ? "" : "; there are " + String.join(", ", fields.keySet()));
      throw new StepFailure(
          "the last verb on " + host + " has no field " + field + near + exit(run));
    }
    return value;
  }

  private static String exit(VerbRun run) {
    return run.isDone() && run.fields().isEmpty()
        ? ", exit " + run.exitCode() + VerbAction.tail(run)
        : "";
  }

  /**
   * The address that {@code name}, {@code name.ipv4} or {@code name.ipv6} stands for at present.
   */
  private static String address(Map<String, List<InetAddress>> addresses, String place) {
    int dot = place.indexOf('.');
    String name = dot < 0 ? place : place.substring(0, dot);
    return addresses.getOrDefault(name, List.of()).stream()
        .filter(ip -> dot < 0 || place.endsWith(ip instanceof Inet4Address ? ".ipv4" : ".ipv6"))
        .findFirst()
        .map(ip -> IpLiterals.format(ip, true))
        .orElse("{" + place + "}");
  }
}
