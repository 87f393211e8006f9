package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.lab.world.VerbRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Two sides, one of which offers and the other answers; this is who copies and pastes. */
final class IceMeeting implements VerbRun {
  private List<IceSide> sides = List.of();
  private boolean offered;
  private boolean answered;
  private boolean stopped;

  synchronized void between(IceSide offering, IceSide answering) {
    sides = List.of(offering, answering);
    exchange();
  }

  synchronized void exchange() {
    if (sides.isEmpty()) {
      return;
    }
    Optional<String> offer = sides.get(0).description();
    Optional<String> answer = sides.get(1).description();
    if (!offered && offer.isPresent()) {
      offered = true;
      sides.get(1).meet(offer.get());
    }
    if (!answered && answer.isPresent()) {
      answered = true;
      sides.get(0).meet(answer.get());
    }
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public synchronized boolean isDone() {
    boolean done =
        stopped
            || failure().isPresent()
            || sides.stream().allMatch(side -> side.result().isPresent());
    if (done && !stopped) {
      stop();
    }
    return done;
  }

  @Override
  public synchronized void stop() {
    stopped = true;
    sides.forEach(Side::stop);
  }

  private Optional<String> failure() {
    return sides.stream().flatMap(side -> side.failure().stream()).findFirst();
  }

  private List<Map<String, String>> results() {
    return sides.stream().flatMap(side -> side.result().stream()).toList();
  }

  private static String field(Map<String, String> fields, String name) {
    String value = fields.getOrDefault(name, "");
    return value.equals("null") ? "" : value;
  }

  /** Unreachable if one of them says so, relayed if one of them does. */
  private static String outcome(List<Map<String, String>> both) {
    List<String> all = both.stream().map(fields -> field(fields, "outcome")).toList();
    return all.contains("unreachable")
        ? "unreachable"
        : all.contains("relayed") ? "relayed" : "direct";
  }

  @Override
  public int exitCode() {
    List<Map<String, String>> both = results();
    if (both.size() < 2) {
      return ExitCode.INCONCLUSIVE.number();
    }
    return (outcome(both).equals("unreachable") ? ExitCode.UNREACHABLE : ExitCode.OK).number();
  }

  @Override
  public Map<String, String> fields() {
    List<Map<String, String>> both = results();
    if (both.size() < 2) {
      return Map.of();
    }
    Map<String, String> fields = new HashMap<>();
    fields.put("outcome", outcome(both));
    both.stream()
        .map(each -> field(each, "connectedMillis"))
        .filter(time -> !time.isEmpty())
        .map(Double::parseDouble)
        .max(Double::compare)
        .ifPresent(time -> fields.put("elapsedMillis", String.valueOf(Math.round(time))));
    describe(fields, "", both.get(0));
    describe(fields, "peer.", both.get(1));
    return Map.copyOf(fields);
  }

  private static void describe(
      Map<String, String> fields, String prefix, Map<String, String> result) {
    for (String name :
        List.of(
            "local", "localType", "remote", "remoteType", "protocol", "sent", "back", "failure")) {
      String value = field(result, name);
      if (!value.isEmpty()) {
        fields.put(prefix + name, value);
      }
    }
    String time = field(result, "medianMillis");
    if (!time.isEmpty()) {
      fields.put(prefix + "roundTripMillis", String.valueOf(Math.round(Double.parseDouble(time))));
    }
  }

  @Override
  public String output() {
    Map<String, String> fields = fields();
    if (fields.isEmpty()) {
      return failure().orElse("it was stopped");
    }
    String outcome = Objects.requireNonNull(fields.get("outcome"));
    return outcome.equals("unreachable")
        ? outcome
            + ": "
            + fields.getOrDefault("failure", fields.getOrDefault("peer.failure", "no datagram"))
        : outcome
            + " after "
            + fields.get("elapsedMillis")
            + " ms: "
            + fields.get("localType")
            + " "
            + fields.get("local")
            + " to "
            + fields.get("remoteType")
            + " "
            + fields.get("remote")
            + "; "
            + fields.get("back")
            + " of "
            + fields.get("sent")
            + " back";
  }
}
