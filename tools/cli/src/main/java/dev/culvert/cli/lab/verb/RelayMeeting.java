package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.lab.relay.RelayDescription;
import dev.culvert.cli.lab.relay.RelayResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Two sides that talk through a relay. */
final class RelayMeeting extends Meeting<RelayDescription, RelayResult> {

  @Override
  public int exitCode() {
    return relayed()
        .map(reached -> reached ? ExitCode.OK : ExitCode.UNREACHABLE)
        .orElse(ExitCode.INCONCLUSIVE)
        .number();
  }

  @Override
  public Map<String, String> fields() {
    Optional<List<RelayResult>> results = results();
    if (results.isEmpty()) {
      return Map.of();
    }
    Map<String, String> fields = new HashMap<>();
    boolean reached = relayed().orElseThrow();
    fields.put("outcome", reached ? "relayed" : "unreachable");
    Duration elapsed =
        results.get().stream().map(RelayResult::elapsed).max(Duration::compareTo).orElseThrow();
    fields.put("elapsedMillis", String.valueOf(elapsed.toMillis()));
    if (!reached) {
      fields.put("reason", reason(results.get()));
    }
    describe(fields, "", side(0));
    describe(fields, "peer.", side(1));
    return Map.copyOf(fields);
  }

  private static void describe(
      Map<String, String> fields, String prefix, Side<RelayDescription, RelayResult> side) {
    Optional<RelayDescription.Allocation> allocation =
        side.description().flatMap(RelayDescription::allocation);
    fields.put(
        prefix + "over",
        allocation.map(its -> its.over().name().toLowerCase(Locale.ROOT)).orElse("none"));
    allocation.ifPresent(
        its -> {
          fields.put(prefix + "relayed", its.relayed().toString());
          fields.put(prefix + "mapped", its.mapped().toString());
        });
    RelayResult result = side.result().orElseThrow();
    fields.put(prefix + "sent", String.valueOf(result.sent()));
    fields.put(prefix + "lost", String.valueOf(result.lost()));
    fields.put(prefix + "heard", String.valueOf(result.heard()));
    result
        .roundTrip()
        .ifPresent(time -> fields.put(prefix + "roundTripMillis", String.valueOf(time.toMillis())));
  }

  @Override
  public String output() {
    Map<String, String> fields = fields();
    if (fields.isEmpty()) {
      return failure().orElse("it was stopped");
    }
    return relayed().orElseThrow()
        ? "relayed after "
            + fields.get("elapsedMillis")
            + " ms: over "
            + fields.get("over")
            + " by "
            + fields.get("relayed")
            + ", the other over "
            + fields.get("peer.over")
            + " by "
            + fields.get("peer.relayed")
            + "; "
            + fields.get("lost")
            + " of "
            + fields.get("sent")
            + " lost"
        : "unreachable: " + fields.get("reason");
  }

  private Optional<Boolean> relayed() {
    return results().map(both -> both.stream().allMatch(RelayResult::isRelayed));
  }

  private static String reason(List<RelayResult> results) {
    String here = results.get(0).reason();
    String there = results.get(1).reason();
    if (here.isEmpty()) {
      return "only this side got its datagrams back; on the other, " + there;
    }
    return there.isEmpty() ? "only the other side got its datagrams back; here, " + here : here;
  }
}
