package dev.culvert.rendezvous.node;

import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How a node gets on with one of its neighbours: when it goes there next, and how far it is. */
final class Visit {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final KnownNode host;
  private MonotonicTime due;
  private int failures;
  private int turn;
  private OptionalLong id = OptionalLong.empty();
  private boolean isConnection;
  private Optional<MonotonicTime> deadline = Optional.empty();
  private Optional<NodeClient> client = Optional.empty();
  private int unanswered;

  Visit(KnownNode host, MonotonicTime due) {
    this.host = host;
    this.due = due;
  }

  KnownNode host() {
    return host;
  }

  /** Its URLs take turns as they fail. */
  NodeUrl url() {
    return host.urls().get(turn % host.urls().size());
  }

  /** So do the addresses behind each. */
  InetAddress address(List<InetAddress> ips) {
    return ips.get(turn / host.urls().size() % ips.size());
  }

  boolean isUnderWay() {
    return deadline.isPresent();
  }

  boolean isDue(MonotonicTime now) {
    return !isUnderWay() && !now.isBefore(due);
  }

  boolean isLate(MonotonicTime now) {
    return deadline.filter(at -> !now.isBefore(at)).isPresent();
  }

  void begin(MonotonicTime now) {
    deadline = Optional.of(now.plus(PATIENCE));
  }

  /** A look-up, or with {@code connection} a connection, is known by this. */
  void waitFor(long newId, boolean connection) {
    id = OptionalLong.of(newId);
    isConnection = connection;
  }

  boolean waitsFor(long its) {
    return id.isPresent() && id.getAsLong() == its;
  }

  /** The connection that is to be, or stands. */
  OptionalLong connection() {
    return isConnection ? id : OptionalLong.empty();
  }

  Optional<NodeClient> client() {
    return client;
  }

  void met(NodeClient connected) {
    client = Optional.of(connected);
  }

  void asked() {
    unanswered++;
  }

  /** Whether that was the last answer. */
  boolean answered() {
    unanswered--;
    return unanswered == 0;
  }

  /** It is over. */
  void end(boolean failed, MonotonicTime next) {
    failures = failed ? failures + 1 : 0;
    turn = failed ? (turn + 1) & Integer.MAX_VALUE : turn;
    due = next;
    id = OptionalLong.empty();
    deadline = Optional.empty();
    client = Optional.empty();
    unanswered = 0;
  }

  int failures() {
    return failures;
  }

  MonotonicTime nextDeadline() {
    MonotonicTime own = deadline.orElse(due);
    return client
        .flatMap(NodeClient::nextDeadline)
        .filter(its -> its.compareTo(own) < 0)
        .orElse(own);
  }
}
