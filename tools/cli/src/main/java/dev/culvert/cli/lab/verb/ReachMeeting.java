package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.lab.reach.ReachDescription;
import dev.culvert.cli.lab.reach.ReachResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Two sides that try to reach each other by sending at the same time. */
final class ReachMeeting extends Meeting<ReachDescription, ReachResult> {
  @Override
  public int exitCode() {
    Optional<Boolean> direct = direct();
    if (direct.isEmpty()) {
      return ExitCode.INCONCLUSIVE.number();
    }
    return (direct.get() ? ExitCode.OK : ExitCode.UNREACHABLE).number();
  }

  @Override
  public Map<String, String> fields() {
    Map<String, String> fields = new HashMap<>();
    Optional<Boolean> direct = direct();
    if (direct.isEmpty()) {
      return Map.of();
    }
    fields.put("outcome", direct.get() ? "direct" : "unreachable");
    Duration elapsed =
        results().orElseThrow().stream()
            .map(ReachResult::elapsed)
            .max(Duration::compareTo)
            .orElseThrow();
    fields.put("elapsedMillis", String.valueOf(elapsed.toMillis()));
    if (!direct.get()) {
      fields.put("reason", reason());
    }
    describe(fields, "", side(0));
    describe(fields, "peer.", side(1));
    return Map.copyOf(fields);
  }

  private static void describe(
      Map<String, String> fields, String prefix, Side<ReachDescription, ReachResult> side) {
    side.description()
        .ifPresent(
            known -> {
              fields.put(prefix + "local", known.local().toString());
              known
                  .reflexive()
                  .ifPresent(seen -> fields.put(prefix + "reflexive", seen.toString()));
            });
    side.result()
        .flatMap(ReachResult::remote)
        .ifPresent(remote -> fields.put(prefix + "remote", remote.toString()));
  }

  @Override
  public String output() {
    Optional<Boolean> direct = direct();
    if (direct.isEmpty()) {
      return failure().orElse("it was stopped");
    }
    Map<String, String> fields = fields();
    return direct.get()
        ? "direct after "
            + fields.get("elapsedMillis")
            + " ms: "
            + fields.get("local")
            + " with "
            + fields.get("remote")
        : "unreachable: " + fields.get("reason");
  }

  /** Both must have been answered: what reaches one side only is no path to talk over. */
  private Optional<Boolean> direct() {
    return results().map(both -> both.stream().allMatch(ReachResult::isDirect));
  }

  private String reason() {
    String here = results().orElseThrow().get(0).reason();
    String there = results().orElseThrow().get(1).reason();
    if (here.isEmpty()) {
      return "only this side was answered; on the other, " + there;
    }
    return there.isEmpty() ? "only the other side was answered; here, " + here : here;
  }
}
