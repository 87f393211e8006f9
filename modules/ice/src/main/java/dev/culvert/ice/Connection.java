package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;

/**
 * A TCP connection of an agent: being opened, or standing, or accepted and not yet known to be the
 * peer's.
 */
final class Connection {
  private final long id;
  private Optional<Round> round;
  private Optional<Pair> pair;
  private Optional<Flow> flow = Optional.empty();
  private Optional<MonotonicTime> ends;
  private Optional<ComponentId> lingersFor = Optional.empty();
  private boolean lingers;
  private boolean trusted;

  private Connection(
      long id, Optional<Round> round, Optional<Pair> pair, Optional<MonotonicTime> ends) {
    this.id = id;
    this.round = round;
    this.pair = pair;
    this.ends = ends;
  }

  /** One that this agent opens. */
  static Connection opening(long id, Round round, Pair pair, MonotonicTime ends) {
    return new Connection(id, Optional.of(round), Optional.of(pair), Optional.of(ends));
  }

  /** One that somebody opened. */
  static Connection accepted(Flow flow, MonotonicTime ends) {
    Connection connection =
        new Connection(flow.id(), Optional.empty(), Optional.empty(), Optional.of(ends));
    connection.flow = Optional.of(flow);
    return connection;
  }

  long id() {
    return id;
  }

  Optional<Round> round() {
    return round;
  }

  Optional<Pair> pair() {
    return pair;
  }

  /** Present once it stands. */
  Optional<Flow> flow() {
    return flow;
  }

  /** When it must be more than it is; empty once it carries a pair. */
  Optional<MonotonicTime> ends() {
    return ends;
  }

  /** An authentic check came on it; its pair may follow until then. */
  void trust(MonotonicTime until) {
    trusted = true;
    ends = Optional.of(until);
  }

  boolean isTrusted() {
    return trusted;
  }

  /** Its pair is of no use any more; what the peer sent before it knew may still come. */
  void linger(Optional<ComponentId> forWhom, MonotonicTime until) {
    flow.ifPresent(standing -> pair.ifPresent(carried -> carried.disconnected(standing)));
    pair = Optional.empty();
    trusted = true;
    lingersFor = forWhom;
    lingers = true;
    ends = Optional.of(until);
  }

  boolean lingers() {
    return lingers;
  }

  /** Whose data may still come, after its pair was given up. */
  Optional<ComponentId> lingersFor() {
    return lingersFor;
  }

  /** It carries this pair from now on. */
  void carries(Round its, Pair carried, Flow standing) {
    round = Optional.of(its);
    pair = Optional.of(carried);
    flow = Optional.of(standing);
    ends = Optional.empty();
    carried.connected(standing);
  }
}
