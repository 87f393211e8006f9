package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import java.util.Optional;

/** What follows for pairs when their TCP connections stand, end, or are not needed any more. */
final class PairConnections {
  private final Checking checking;
  private final Connections connections;

  PairConnections(Checking checking, Connections connections) {
    this.checking = checking;
    this.connections = connections;
  }

  /** A connection that was asked for stands: the check goes at once. */
  void opened(Flow flow, MonotonicTime now) {
    if (checking.progress().isOver()) {
      return;
    }
    if (flow.id() < 0) {
      if (checking.rounds().stream().anyMatch(each -> each.list().listener(flow).isPresent())) {
        connections.accepted(flow, now);
      }
      return;
    }
    connections
        .opened(flow)
        .ifPresent(
            connection ->
                checking
                    .sending()
                    .send(
                        connection.round().get(),
                        connection.pair().get(),
                        CheckPurpose.ORDINARY,
                        now));
    checking.settle(now);
  }

  /** One ended, or did not come to be. */
  void closed(long id, String why, MonotonicTime now) {
    connections.closed(id, why).ifPresent(gone -> lost(gone, why, now));
    checking.settle(now);
  }

  /** A pair's connection ended or never came to be; it has perhaps another one. */
  private void lost(Connection gone, String why, MonotonicTime now) {
    if (gone.pair().isEmpty()) {
      return;
    }
    Pair pair = gone.pair().get();
    Round its = gone.round().get();
    ComponentPath path = checking.path(pair);
    Optional<Valid> valid = path.find(pair);
    if (pair.isConnected()) {
      // Another one stands.
      valid.ifPresent(carrier -> carrier.nextConsent(now));
      return;
    }
    its.checks().ifPresent(checks -> checks.silence(pair));
    boolean used = path.used().equals(valid) && valid.isPresent();
    path.drop(pair);
    pair.failed(why);
    if (used) {
      checking.progress().broke(now);
      its.list().retry("a connection ended", each -> true);
    }
  }

  /** Leaves the connections that nobody needs. */
  void tidy(MonotonicTime now) {
    for (Connection each : connections.useless(this::isNeeded)) {
      Pair pair = each.pair().get();
      boolean proven = pair.state() == PairState.SUCCEEDED;
      connections.leave(each, proven ? Optional.of(pair.component()) : Optional.empty(), now);
      if (!pair.isConnected()) {
        checking.path(pair).drop(pair);
        pair.failed("its connection is not needed");
      }
    }
  }

  /** Once a pair is selected, its connection and that of one more to replace it are enough. */
  private boolean isNeeded(Connection connection) {
    Pair pair = connection.pair().get();
    Round its = connection.round().get();
    return checking.rounds().contains(its)
        && pair.state() != PairState.FAILED
        && checking
            .path(pair)
            .needs(pair, connection.flow().isPresent() || checking.isWanted(pair));
  }

  /** Something came; if that was no authentic check, the connection is not the peer's. */
  void received(Flow from) {
    if (from.transport() == Transport.TCP) {
      connections.distrust(from);
    }
  }

  /** Ends what takes too long. */
  void advance(MonotonicTime now) {
    connections.advance(now).forEach(late -> lost(late, "no connection", now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return connections.nextDeadline();
  }
}
