package dev.culvert.cli.server;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;

/** The part of a probe that a socket or connection belongs to. */
interface FlowOwner {

  /** The connection stands. */
  default void opened(Flow flow, MonotonicTime now) {}

  /** The socket is open. */
  default void bound(TransportAddress local, MonotonicTime now) {}

  /** It ended or never came to be. */
  void ended(CloseCause cause, String detail, MonotonicTime now);

  /** Bytes came that are no STUN message. */
  default void garbage(String what, MonotonicTime now) {}

  /** Time is up. */
  void timeUp(MonotonicTime now);
}
