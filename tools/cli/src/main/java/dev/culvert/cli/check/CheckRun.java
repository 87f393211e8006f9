package dev.culvert.cli.check;

import dev.culvert.cli.Console;
import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectEvent;
import dev.culvert.detect.DetectMachine;
import dev.culvert.detect.NatReport;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Drives a measurement to its end, or shows what it has when it is interrupted. */
final class CheckRun {
  private final NetworkRuntime runtime;
  private final Console console;

  CheckRun(NetworkRuntime runtime, Console console) {
    this.runtime = runtime;
    this.console = console;
  }

  /**
   * Measures; narrates meanwhile. When the process is asked to end before that, {@code
   * ifInterrupted} is given what is known by then.
   */
  NatReport measure(DetectConfig config, Consumer<NatReport> ifInterrupted) {
    DetectMachine machine = new DetectMachine(config, new SecureRandom());
    CompletableFuture<NatReport> finished = new CompletableFuture<>();
    MachineDriver<DetectEvent> driver =
        runtime.drive(
            machine,
            event -> {
              if (event instanceof DetectEvent.Finished end) {
                finished.complete(end.report());
              } else if (event instanceof DetectEvent.Progress progress) {
                console.progress(progress.text());
              }
            });
    Thread hook =
        new Thread(
            () -> {
              CompletableFuture<NatReport> partial = new CompletableFuture<>();
              driver.execute(now -> partial.complete(machine.report(now)));
              patiently(partial, ifInterrupted);
            });
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return finished.join();
    } finally {
      removeHook(hook);
      driver.close();
    }
  }

  private static void patiently(
      CompletableFuture<NatReport> partial, Consumer<NatReport> ifInterrupted) {
    try {
      ifInterrupted.accept(partial.get(1, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // The process ends; there is nobody left to tell.
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, and the hook has its turn.
    }
  }
}
