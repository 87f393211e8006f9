package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/** The other end of a relay: it sends back what comes from the allocation under test. */
interface Peer {

  /** Begins to find out where it is. */
  void begin(MonotonicTime now);

  /** Where the relay finds it; empty while that is not known. */
  Optional<TransportAddress> address();

  /** Why it cannot be a peer; empty while it can. */
  Optional<Trouble> trouble();

  /** Opens the way for what the relay will send from this address; called again and again. */
  default void meet(TransportAddress relayed, MonotonicTime now) {}

  /** Tells what came by the allocation under test, and from where. */
  default void seen(TransportAddress from, Bytes data) {}

  /** How many datagrams came from the allocation under test; -1 where nobody can tell. */
  int heard();

  /** What it is, in words. */
  String words();

  default void receive(Flow from, Bytes payload, MonotonicTime now) {}

  default void accept(Input input, MonotonicTime now) {}

  default void advance(MonotonicTime now) {}

  default Optional<MonotonicTime> nextDeadline() {
    return Optional.empty();
  }

  default Optional<Output> pollOutput() {
    return Optional.empty();
  }

  /** Gives back what it has. */
  default void close(MonotonicTime now) {}

  /** Whether it has given everything back. */
  default boolean isClosed() {
    return true;
  }
}
