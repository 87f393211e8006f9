package dev.culvert.cli.lab.verb;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.lab.reach.ReachResult;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Two sides that get to know each other through this object and then try to meet. */
final class Meeting implements VerbRun {
  private List<Side> sides = List.of();
  private boolean introduced;
  private boolean stopped;

  /** The one address of a server that both sides ask. */
  static TransportAddress server(LabWorld world, Optional<String> written, boolean ipv4) {
    String name = written.orElseGet(() -> Places.usualServer(world));
    return Places.server(world, name, ipv4, !ipv4).stream()
        .filter(address -> address.isIpv4() == ipv4)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "server " + name + " has no " + (ipv4 ? "IPv4" : "IPv6") + " address"));
  }

  synchronized void between(Side first, Side second) {
    sides = List.of(first, second);
    exchange();
  }

  /** Passes the descriptions over once both are there: what signalling does between real peers. */
  synchronized void exchange() {
    if (introduced || sides.isEmpty() || sides.stream().anyMatch(s -> s.description().isEmpty())) {
      return;
    }
    introduced = true;
    sides.get(0).meet(sides.get(1).description().orElseThrow());
    sides.get(1).meet(sides.get(0).description().orElseThrow());
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
        results().stream().map(ReachResult::elapsed).max(Duration::compareTo).orElseThrow();
    fields.put("elapsedMillis", String.valueOf(elapsed.toMillis()));
    if (!direct.get()) {
      fields.put("reason", reason());
    }
    describe(fields, "", sides.get(0));
    describe(fields, "peer.", sides.get(1));
    return Map.copyOf(fields);
  }

  private static void describe(Map<String, String> fields, String prefix, Side side) {
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
    List<ReachResult> results = results();
    return results.size() < 2
        ? Optional.empty()
        : Optional.of(results.stream().allMatch(ReachResult::isDirect));
  }

  private List<ReachResult> results() {
    return sides.stream().flatMap(side -> side.result().stream()).toList();
  }

  private String reason() {
    String here = results().get(0).reason();
    String there = results().get(1).reason();
    if (here.isEmpty()) {
      return "only this side was answered; on the other, " + there;
    }
    return there.isEmpty() ? "only the other side was answered; here, " + here : here;
  }

  private Optional<String> failure() {
    return sides.stream().flatMap(side -> side.failure().stream()).findFirst();
  }
}
