package dev.culvert.cli.lab.verb;

import dev.culvert.ice.IceRole;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import java.util.Map;

/**
 * A side that is told of the other by what people paste; it tells the same fields as {@code culvert
 * ice offer -o json}.
 */
abstract class IceSide extends Side<String, Map<String, String>> {
  IceSide(Runnable onChange) {
    super(onChange);
  }

  /**
   * Starts one.
   *
   * @param role the one who offers controls
   * @param onChange is called whenever it found something out, on any thread
   */
  static IceSide start(LabWorld world, String host, IceAsk ask, IceRole role, Runnable onChange)
      throws LabException {
    if (world instanceof SimWorld sim) {
      return new SimIceSide(sim, host, ask, role, onChange);
    }
    if (world instanceof KernelWorld kernel) {
      return new KernelIceSide(kernel, host, ask, role, onChange);
    }
    throw new IllegalArgumentException("nobody knows a world like this one");
  }
}
