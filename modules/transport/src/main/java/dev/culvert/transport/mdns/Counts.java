package dev.culvert.transport.mdns;

import java.util.concurrent.atomic.LongAdder;

/** Counts what multicast DNS dropped. Safe for any thread. */
public final class Counts {
  final LongAdder malformed = new LongAdder();
  final LongAdder foreign = new LongAdder();
  final LongAdder excess = new LongAdder();

  /** All at zero. */
  public Counts() {}

  /** Messages that could not be read. */
  public long malformed() {
    return malformed.sum();
  }

  /** Messages from another link, or answers from another port (RFC 6762 §6, §11). */
  public long foreign() {
    return foreign.sum();
  }

  /** Messages and answers beyond the rate that is taken and given. */
  public long excess() {
    return excess.sum();
  }
}
