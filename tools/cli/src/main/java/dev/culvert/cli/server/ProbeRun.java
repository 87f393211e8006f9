package dev.culvert.cli.server;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One server's answers, once they are all there.
 *
 * @param results in the order of the plan; empty if the name led nowhere
 * @param unresolved why the name led nowhere; empty if it did not
 */
record ProbeRun(List<ProbeResult> results, Optional<ProbeEvent.Unresolved> unresolved) {

  /** Begins to ask; the future ends within the plan's deadline. */
  static CompletableFuture<ProbeRun> start(NetworkRuntime runtime, ProbePlan plan) {
    ServerProbe probe = new ServerProbe(plan, new SecureRandom());
    CompletableFuture<ProbeRun> done = new CompletableFuture<>();
    List<ProbeResult> results = new ArrayList<>();
    List<ProbeEvent.Unresolved> unresolved = new ArrayList<>();
    MachineDriver<ProbeEvent> driver =
        runtime.drive(
            probe,
            event -> {
              if (event instanceof ProbeEvent.Result result) {
                results.add(result.result());
              } else if (event instanceof ProbeEvent.Unresolved nowhere) {
                unresolved.add(nowhere);
              } else {
                done.complete(new ProbeRun(sorted(plan, results), unresolved.stream().findFirst()));
              }
            });
    driver.execute(probe::advance);
    return done.whenComplete((run, failure) -> driver.execute(now -> driver.close()));
  }

  private static List<ProbeResult> sorted(ProbePlan plan, List<ProbeResult> results) {
    List<ProbeResult> sorted = new ArrayList<>(results);
    sorted.sort(
        Comparator.comparing((ProbeResult result) -> plan.transports().indexOf(result.transport()))
            .thenComparing(ProbeResult::family));
    return List.copyOf(sorted);
  }

  /** The fault of a name that leads nowhere. */
  static Fault fault(String host, ProbeEvent.Unresolved unresolved) {
    return unresolved.exists()
        ? new Fault(
            ExitCode.NO_NETWORK,
            unresolved.detail().contains(host)
                ? unresolved.detail()
                : "'" + host + "' could not be looked up: " + unresolved.detail(),
            "check that this host is online and its DNS works, or write an IP address")
        : new Fault(
            ExitCode.UNREACHABLE,
            "there is no host '" + host + "'",
            "check the spelling, or write an IP address");
  }
}
