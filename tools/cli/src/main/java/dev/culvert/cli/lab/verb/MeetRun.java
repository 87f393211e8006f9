package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.lab.world.VerbRun;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Two peers that meet until they are stopped, or until data flows between them where that is all
 * that is wanted.
 */
final class MeetRun implements VerbRun {
  private static final Set<String> OF_ONE_CALL = Set.of("outcome", "path", "flows");

  private final MeetSide caller;
  private final MeetSide callee;
  private final boolean repeated;
  private final boolean early;
  private final boolean once;
  private boolean stopped;
  private Map<String, String> last = Map.of();

  /**
   * A run that has begun.
   *
   * @param repeated whether calls end and begin again, so that how the present one stands is chance
   * @param early whether it is ready as soon as both are at a node
   * @param once whether it ends as soon as data flows
   */
  MeetRun(MeetSide caller, MeetSide callee, boolean repeated, boolean early, boolean once) {
    this.caller = caller;
    this.callee = callee;
    this.repeated = repeated;
    this.early = early;
    this.once = once;
  }

  private static boolean isAttached(MeetSide side) {
    return Integer.parseInt(side.fields().getOrDefault("attached", "0")) > 0;
  }

  private boolean flows() {
    return caller.fields().getOrDefault("flows", "").equals("true")
        && callee.fields().getOrDefault("flows", "").equals("true");
  }

  /** Both are at a node; or data flows. */
  @Override
  public boolean isReady() {
    return early ? isAttached(caller) && isAttached(callee) : flows();
  }

  @Override
  public synchronized boolean isDone() {
    boolean failed = caller.failure().isPresent() || callee.failure().isPresent();
    if (!stopped && (failed || (once && flows()))) {
      stop();
    }
    return stopped;
  }

  @Override
  public synchronized void stop() {
    if (!stopped) {
      last = both();
      stopped = true;
      caller.stop();
      callee.stop();
    }
  }

  @Override
  public int exitCode() {
    return (last.getOrDefault("flows", "").equals("true") ? ExitCode.OK : ExitCode.UNREACHABLE)
        .number();
  }

  private Map<String, String> both() {
    Map<String, String> all = new TreeMap<>();
    caller.fields().forEach((name, value) -> put(all, "", name, value));
    callee.fields().forEach((name, value) -> put(all, "peer.", name, value));
    return all;
  }

  private void put(Map<String, String> all, String prefix, String name, String value) {
    if (!repeated || !OF_ONE_CALL.contains(name)) {
      all.put(prefix + name, value);
    }
  }

  @Override
  public synchronized Map<String, String> fields() {
    return Map.copyOf(stopped ? last : both());
  }

  @Override
  public String output() {
    Optional<String> failure = caller.failure().or(callee::failure);
    return failure.map(why -> why + "\n").orElse("")
        + String.join(
            "\n",
            new TreeMap<>(fields())
                .entrySet().stream()
                    .map(field -> field.getKey() + " " + field.getValue())
                    .toList());
  }
}
