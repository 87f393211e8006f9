package dev.culvert.cli.turn;

import dev.culvert.cli.Console;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a test on sockets of this host. */
final class TestRun {
  /** Enough to give an allocation back over most lines, and bearable for who pressed Ctrl-C. */
  private static final long GOODBYE_MILLIS = 700;

  private TestRun() {}

  /** Runs it to its end; when the process is told to end, allocations are given back first. */
  static List<WayResult> run(NetworkRuntime runtime, TestPlan plan, Console console) {
    RelayTest test = new RelayTest(plan, new SecureRandom(), InstantSource.system());
    List<WayResult> results = new ArrayList<>();
    CompletableFuture<List<WayResult>> done = new CompletableFuture<>();
    try (MachineDriver<TestEvent> driver =
        runtime.drive(
            test,
            event -> {
              if (event instanceof TestEvent.Judged judged) {
                results.add(judged.result());
              } else if (event instanceof TestEvent.Step step && console.isVerbose()) {
                console.say(step.where() + ": " + step.what());
              } else if (event instanceof TestEvent.Finished) {
                done.complete(List.copyOf(results));
              }
            })) {
      Thread goodbye =
          new Thread(
              () -> {
                driver.execute(test::stop);
                done.completeOnTimeout(List.of(), GOODBYE_MILLIS, TimeUnit.MILLISECONDS).join();
              },
              "culvert-goodbye");
      Runtime.getRuntime().addShutdownHook(goodbye);
      List<WayResult> all = done.join();
      forget(goodbye);
      return all;
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, so the hook has run.
    }
  }
}
