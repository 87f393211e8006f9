package dev.culvert.natsim;

import dev.culvert.sansio.MonotonicTime;

/** Sees every packet that a {@link World} moves; for traces, counts and invariants. */
@FunctionalInterface
public interface Observer {

  /**
   * Something happened to a packet.
   *
   * @param now when
   * @param where the name of the host, router or network
   * @param packet the packet as it was there
   * @param fate {@code sent}, {@code delivered}, or why it was dropped
   */
  void seen(MonotonicTime now, String where, Packet packet, String fate);
}
