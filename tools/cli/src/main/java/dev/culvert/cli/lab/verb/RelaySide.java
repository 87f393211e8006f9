package dev.culvert.cli.lab.verb;

import dev.culvert.cli.lab.relay.RelayDescription;
import dev.culvert.cli.lab.relay.RelayEvent;
import dev.culvert.cli.lab.relay.RelayResult;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;

/** A side that talks to the other through a relay. */
abstract class RelaySide extends Side<RelayDescription, RelayResult> {
  RelaySide(Runnable onChange) {
    super(onChange);
  }

  /**
   * Starts one.
   *
   * @param permits whether it lets the other side send
   * @param onChange is called whenever it found something out, on any thread
   */
  static RelaySide start(
      LabWorld world, String host, RelayAsk ask, boolean permits, Runnable onChange)
      throws LabException {
    if (world instanceof SimWorld sim) {
      return new SimRelaySide(sim, host, ask, permits, onChange);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelRelaySide(kernel, host, ask, permits, onChange);
    }
    throw new IllegalArgumentException("nobody knows a world like this one");
  }

  final void heard(RelayEvent event) {
    if (event instanceof RelayEvent.Described described) {
      described(described.description());
    } else if (event instanceof RelayEvent.Ended ended) {
      ended(ended.result());
    }
  }
}
