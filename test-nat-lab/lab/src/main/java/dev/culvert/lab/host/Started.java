package dev.culvert.lab.host;

import dev.culvert.lab.LabException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A program that was started on a host.
 *
 * @param <T> what it finds
 */
public final class Started<T> {

  /** Lets time pass until something is over; tells whether it is. */
  @FunctionalInterface
  interface Patience {
    boolean await(CompletableFuture<?> what, Duration limit) throws LabException;
  }

  private final String host;
  private final CompletableFuture<T> result;
  private final Patience patience;

  Started(String host, CompletableFuture<T> result, Patience patience) {
    this.host = host;
    this.result = result;
    this.patience = patience;
  }

  /** Whether it has ended, well or not. */
  public boolean isDone() {
    return result.isDone();
  }

  /** What made it fail, if it has. */
  public Optional<Throwable> failure() {
    if (!result.isCompletedExceptionally()) {
      return Optional.empty();
    }
    try {
      result.get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.ofNullable(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * What it found; waits for its end. In the simulator virtual time passes.
   *
   * @throws LabException if it failed, with the reason as cause, or did not end in time
   * @throws AssertionError the program's own, if an assertion failed in it
   */
  public T await(Duration limit) throws LabException {
    if (!patience.await(result, limit)) {
      throw new LabException(
          "the program on host " + host + " did not end within " + limit.toMillis() + " ms");
    }
    Throwable failure = failure().orElse(null);
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new LabException("the program on host " + host + " failed: " + failure, failure);
    }
    return result.join();
  }

  /** The name of the host that it runs on. */
  public String host() {
    return host;
  }
}
