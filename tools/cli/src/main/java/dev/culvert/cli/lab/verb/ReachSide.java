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

/** A side that tries to reach the other by sending at the same time. */
abstract class ReachSide extends Side<ReachDescription, ReachResult> {
  ReachSide(Runnable onChange) {
    super(onChange);
  }

  /**
   * Starts one.
   *
   * @param onChange is called whenever it found something out, on any thread
   */
  static ReachSide start(
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

  final void heard(ReachEvent event) {
    if (event instanceof ReachEvent.Described described) {
      described(described.description());
    } else if (event instanceof ReachEvent.Ended ended) {
      ended(ended.result());
    } else if (event instanceof ReachEvent.Failed failed) {
      failed(failed.detail());
    }
  }
}
