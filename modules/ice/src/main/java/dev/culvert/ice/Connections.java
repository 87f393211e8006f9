package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** An agent's TCP connections (RFC 6544): those that it opens, and those that the peer opened. */
final class Connections {
  /** Accepted connections that may still turn out to be the peer's. */
  private static final int MOST_STRANGERS = 16;

  private static final Duration STRANGER = Duration.ofSeconds(10);

  /** A check of a peer whose description has not come yet (RFC 8445 §7.3) may be early by this. */
  private static final Duration EARLY = Duration.ofSeconds(60);

  private static final Duration LINGERING = Duration.ofSeconds(2);

  private final Optional<LongSupplier> ids;
  private final Consumer<Output> out;
  private final Steps steps;
  private final Map<Long, Connection> all = new LinkedHashMap<>();

  Connections(Optional<LongSupplier> ids, Consumer<Output> out, Steps steps) {
    this.ids = ids;
    this.out = out;
    this.steps = steps;
  }

  /**
   * Asks for a connection for a pair (RFC 6544 §7.1): from any port if the pair is active, from the
   * very one that listens if both open at once.
   */
  void open(Round round, Pair pair, MonotonicTime now) {
    long id = ids.orElseThrow().getAsLong();
    all.put(id, Connection.opening(id, round, pair, now.plus(Check.longest(Duration.ZERO))));
    TransportAddress base = pair.local().base().address();
    boolean any = pair.tcpType().filter(TcpType.ACTIVE::equals).isPresent();
    out.accept(
        new Output.Open(
            id,
            Transport.TCP,
            Optional.of(any ? base.withPort(0) : base),
            pair.remote().address(),
            Optional.empty()));
    steps.tell(() -> new IceStep.Connecting(pair.told(), id));
  }

  /** Whether a connection for it is being opened. */
  boolean isOpening(Pair pair) {
    return all.values().stream()
        .anyMatch(each -> each.pair().filter(pair::equals).isPresent() && each.flow().isEmpty());
  }

  /**
   * A connection that was asked for stands.
   *
   * @return it, with the pair that can be checked on it now; empty if nobody needs it any more
   */
  Optional<Connection> opened(Flow flow) {
    Connection connection = all.get(flow.id());
    if (connection == null || connection.flow().isPresent()) {
      return Optional.empty();
    }
    Pair pair = connection.pair().orElseThrow();
    if (pair.isConnected() || pair.state() != PairState.IN_PROGRESS) {
      // The other side's connection was quicker (RFC 6544 §7.1): one is enough.
      close(connection, "another one was quicker");
      return Optional.empty();
    }
    connection.carries(connection.round().orElseThrow(), pair, flow);
    return Optional.of(connection);
  }

  /** Somebody has connected; the peer, if an authentic check follows soon. */
  void accepted(Flow flow, MonotonicTime now) {
    if (!all.containsKey(flow.id())) {
      take(Connection.accepted(flow, now.plus(STRANGER)));
    }
  }

  private void take(Connection stranger) {
    all.put(stranger.id(), stranger);
    long strangers =
        all.values().stream().filter(each -> each.pair().isEmpty() && !each.lingers()).count();
    if (strangers > MOST_STRANGERS) {
      close(stranger, "there are too many that nobody knows");
    }
  }

  /** What came on a connection is not the peer's. */
  void distrust(Flow flow) {
    Connection connection = all.get(flow.id());
    if (connection != null && connection.pair().isEmpty() && !connection.isTrusted()) {
      close(connection, "it is not the peer's");
    }
  }

  /** An authentic check came on a connection. */
  void trust(Flow flow, MonotonicTime now) {
    accepted(flow, now);
    Connection connection = all.get(flow.id());
    if (connection != null && connection.pair().isEmpty() && !connection.lingers()) {
      connection.trust(now.plus(EARLY));
    }
  }

  /** An authentic check of a pair came on a connection. */
  void carries(Flow flow, Round round, Pair pair) {
    Connection connection = all.get(flow.id());
    if (connection != null && connection.pair().isEmpty() && !connection.lingers()) {
      connection.carries(round, pair, flow);
    }
  }

  /** The pair that a connection carries. */
  Optional<Pair> pair(Flow flow) {
    return Optional.ofNullable(all.get(flow.id())).flatMap(Connection::pair);
  }

  /** The driver says that it ended, or never came to be. */
  Optional<Connection> closed(long id, String why) {
    Optional<Connection> connection = Optional.ofNullable(all.remove(id));
    connection.ifPresent(gone -> told(gone, why));
    return connection;
  }

  private void told(Connection gone, String why) {
    gone.pair().ifPresent(pair -> gone.flow().ifPresent(pair::disconnected));
    steps.tell(() -> new IceStep.Disconnected(gone.id(), why));
  }

  private void close(Connection connection, String why) {
    all.remove(connection.id());
    out.accept(new Output.Close(connection.id()));
    told(connection, why);
  }

  /**
   * Closes what took too long.
   *
   * @return those that were to carry a pair
   */
  List<Connection> advance(MonotonicTime now) {
    List<Connection> late = new ArrayList<>();
    for (Connection each : List.copyOf(all.values())) {
      if (each.ends().filter(end -> !now.isBefore(end)).isPresent()) {
        close(each, each.lingers() ? "it is not needed any more" : "it took too long");
        late.add(each);
      }
    }
    return late;
  }

  /** Those whose pair is of no use any more. */
  List<Connection> useless(Predicate<Connection> isNeeded) {
    return all.isEmpty()
        ? List.of()
        : all.values().stream()
            .filter(each -> each.pair().isPresent() && !isNeeded.test(each))
            .toList();
  }

  /** Ends one, but not before what was sent to the pair of this component has come. */
  void leave(Connection connection, Optional<ComponentId> proven, MonotonicTime now) {
    if (connection.flow().isPresent() && proven.isPresent()) {
      connection.linger(proven, now.plus(LINGERING));
    } else {
      close(connection, "it is not needed any more");
    }
  }

  /** Whose data may still come on a connection that is about to be closed. */
  Optional<ComponentId> lingersFor(Flow flow) {
    return Optional.ofNullable(all.get(flow.id())).flatMap(Connection::lingersFor);
  }

  void closeAll() {
    for (Connection each : List.copyOf(all.values())) {
      close(each, "the agent is done");
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    return all.values().stream()
        .flatMap(each -> each.ends().stream())
        .min(Comparator.naturalOrder());
  }
}
