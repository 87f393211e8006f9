package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;

/** Sees every packet that leaves or reaches a host or router, as its own network card would. */
@FunctionalInterface
public interface Tap {

  /**
   * A packet crossed the line of a host or router.
   *
   * @param now when
   * @param where the name of the host or router
   * @param packet as it was there
   * @param outgoing whether it left
   */
  void crossed(MonotonicTime now, String where, Packet packet, boolean outgoing);
}
