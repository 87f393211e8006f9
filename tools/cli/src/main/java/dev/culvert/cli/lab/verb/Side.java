package dev.culvert.cli.lab.verb;

import java.util.Optional;

/**
 * One side of a meeting, in either world. Safe for use by several threads.
 *
 * @param <D> what it tells the other side
 * @param <R> what it finds out
 */
abstract class Side<D, R> {
  private final Runnable onChange;
  private Optional<D> description = Optional.empty();
  private Optional<R> result = Optional.empty();
  private Optional<String> failure = Optional.empty();

  /**
   * A side that knows nothing yet.
   *
   * @param onChange is called whenever it found something out, on any thread
   */
  Side(Runnable onChange) {
    this.onChange = onChange;
  }

  /** Tells it of the other side; it begins to meet it. */
  abstract void meet(D other);

  /** Ends it. */
  abstract void stop();

  final void described(D known) {
    synchronized (this) {
      description = Optional.of(known);
    }
    onChange.run();
  }

  final void ended(R found) {
    synchronized (this) {
      result = Optional.of(found);
    }
    onChange.run();
  }

  final void failed(String why) {
    synchronized (this) {
      failure = Optional.of(why);
    }
    onChange.run();
  }

  /** How it looks; empty until it knows. */
  final synchronized Optional<D> description() {
    return description;
  }

  /** What it found out; empty until then. */
  final synchronized Optional<R> result() {
    return result;
  }

  /** Why it cannot find out anything, if so. */
  Optional<String> failure() {
    synchronized (this) {
      return failure;
    }
  }
}
