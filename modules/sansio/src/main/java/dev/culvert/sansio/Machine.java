package dev.culvert.sansio;

import java.util.Optional;

/**
 * A protocol engine without I/O: it is told what arrived and what time it is, and asked what to do.
 *
 * <p>Confined to one thread. It never blocks, reads a clock, draws from a static random source or
 * touches a socket, and no byte from the network makes it throw. A driver begins with one {@link
 * #advance}. After each {@link #receive}, {@link #accept} or {@link #advance} its driver polls
 * outputs and events until both are empty, then arms one timer for {@link #nextDeadline}. Outputs
 * are carried out in order.
 *
 * @param <E> what it tells its owner
 */
public interface Machine<E> {

  /** Bytes arrived: one datagram, or the next piece of a stream, cut anywhere. */
  void receive(Flow from, Bytes payload, MonotonicTime now);

  /** Something became of an earlier output. */
  void accept(Input input, MonotonicTime now);

  /** Time passed. Early or repeated calls do nothing. */
  void advance(MonotonicTime now);

  /** When {@link #advance} wants to be called next; empty if nothing is pending. */
  Optional<MonotonicTime> nextDeadline();

  /** The next thing to be done; empty if there is none for now. */
  Optional<Output> pollOutput();

  /** The next thing to be told; empty if there is none for now. */
  Optional<E> pollEvent();
}
