package dev.culvert.lab.host;

import java.util.concurrent.CompletableFuture;

/** Runs programs to their end, whatever that is. */
final class Programs {
  private Programs() {}

  @SuppressWarnings("CatchingUnchecked") // Whatever a program throws is its outcome.
  static <T> void run(HostProgram<T> program, TestHost host, CompletableFuture<T> result) {
    try {
      result.complete(program.run(host));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      result.completeExceptionally(e);
    } catch (Exception | Error e) {
      result.completeExceptionally(e);
    }
  }
}
