package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.reach.ReachDescription;
import dev.culvert.cli.lab.reach.ReachEvent;
import dev.culvert.cli.lab.reach.ReachResult;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/** One side of a meeting, in either world. Safe for use by several threads. */
abstract class Side {
  private final Runnable onChange;
  private Optional<ReachDescription> description = Optional.empty();
  private Optional<ReachResult> result = Optional.empty();
  private Optional<String> failure = Optional.empty();

  Side(Runnable onChange) {
    this.onChange = onChange;
  }

  /**
   * Starts one.
   *
   * @param onChange is called whenever it found something out, on any thread
   */
  static Side start(
      LabWorld world,
      String host,
      TransportAddress local,
      TransportAddress server,
      Duration limit,
      Runnable onChange)
      throws LabException {
    if (world instanceof SimWorld sim) {
      return new SimSide(sim, host, local, server, limit, onChange);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelSide(kernel, host, local, server, limit, onChange);
    }
    throw new IllegalArgumentException("nobody knows a world like this one");
  }

  /** Tells it of the other side; it begins to meet it. */
  abstract void meet(ReachDescription other);

  /** Ends it. */
  abstract void stop();

  final void heard(ReachEvent event) {
    synchronized (this) {
      if (event instanceof ReachEvent.Described described) {
        description = Optional.of(described.description());
      } else if (event instanceof ReachEvent.Ended ended) {
        result = Optional.of(ended.result());
      } else if (event instanceof ReachEvent.Failed failed) {
        failure = Optional.of(failed.detail());
      }
    }
    onChange.run();
  }

  /** How it looks; empty until it knows. */
  final synchronized Optional<ReachDescription> description() {
    return description;
  }

  /** What it found out; empty until then. */
  final synchronized Optional<ReachResult> result() {
    return result;
  }

  /** Why it cannot find out anything, if so. */
  Optional<String> failure() {
    synchronized (this) {
      return failure;
    }
  }
}
