package dev.culvert.detect;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where UDP is silent, the same question over TCP and TLS: is it UDP, or everything? */
final class StreamOpinion {
  private static final Duration SILENCE = Duration.ofMillis(400);

  /** More servers than these are not needed to know whether TCP gets out. */
  private static final int MOST_SERVERS = 4;

  private record Attempt(LocalSocket connection, TransportAddress to, Target target) {}

  private final PathState path;
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Shot> shots = new ArrayList<>();

  StreamOpinion(PathState path) {
    this.path = path;
  }

  /** When it would begin if nobody were heard until then. */
  MonotonicTime due() {
    return path.startedAt().plus(SILENCE);
  }

  void advance(MonotonicTime now) {
    if (isHeardOverUdp()) {
      attempts.forEach(attempt -> path.postbox().close(attempt.connection()));
      return;
    }
    if (attempts.isEmpty() && !now.isBefore(due())) {
      path.targets().stream().limit(MOST_SERVERS).forEach(this::attempt);
    }
    for (Attempt attempt : attempts) {
      boolean asked = shots.stream().anyMatch(shot -> shot.socket() == attempt.connection());
      if (!asked && attempt.connection().isOpen()) {
        path.postbox()
            .shoot(attempt.connection(), attempt.to(), Output.SYSTEM_TTL, now)
            .ifPresent(shots::add);
      }
    }
  }

  private boolean isHeardOverUdp() {
    return path.targets().stream().anyMatch(Target::isAlive);
  }

  private void attempt(Target target) {
    TransportAddress tls = target.address().withPort(target.server().tlsPort());
    connect(Transport.TCP, target.address(), target);
    connect(Transport.TLS, tls, target);
  }

  private void connect(Transport transport, TransportAddress to, Target target) {
    boolean tls = transport == Transport.TLS;
    LocalSocket connection =
        path.postbox()
            .connect(
                transport,
                Optional.of(path.ip()),
                to,
                tls ? Optional.of(target.server().identity()) : Optional.empty());
    attempts.add(new Attempt(connection, to, target));
  }

  /** Whether a server answered over this transport. */
  Finding<Boolean> judge(Transport transport) {
    if (attempts.isEmpty()) {
      return Finding.notMeasured();
    }
    boolean answered =
        shots.stream()
            .anyMatch(
                shot ->
                    shot.socket().transport() == transport
                        && shot.reply().filter(Shot.Reply::isSuccess).isPresent());
    if (answered) {
      return Finding.known(true);
    }
    if (isHeardOverUdp()) {
      return Finding.notMeasured();
    }
    return Finding.unknown(
        hostAnswered(transport)
            ? "a host was there, but answered no STUN request"
            : "no server answered in time");
  }

  /** Whether every attempt has come to an end. */
  boolean isSettled() {
    return !attempts.isEmpty()
        && attempts.stream()
            .allMatch(
                attempt ->
                    attempt.connection().closed().isPresent()
                        || shots.stream()
                            .anyMatch(
                                shot ->
                                    shot.socket() == attempt.connection()
                                        && shot.reply().isPresent()));
  }

  /** Whether a server answered over TCP or TLS, one that had not said that UDP reaches it. */
  boolean contradictsUdp() {
    return attempts.stream()
        .anyMatch(
            attempt ->
                shots.stream()
                    .anyMatch(
                        shot ->
                            shot.socket() == attempt.connection()
                                && shot.reply().filter(Shot.Reply::isSuccess).isPresent()));
  }

  /** Whether some host was there at least to refuse. */
  boolean someHostIsThere() {
    return hostAnswered(Transport.TCP) || hostAnswered(Transport.TLS);
  }

  private boolean hostAnswered(Transport transport) {
    return attempts.stream()
        .map(Attempt::connection)
        .filter(connection -> connection.transport() == transport)
        .anyMatch(
            connection ->
                connection.local().isPresent()
                    || connection
                        .closed()
                        .filter(
                            cause ->
                                cause == CloseCause.REFUSED
                                    || cause == CloseCause.RESET
                                    || cause == CloseCause.UNTRUSTED
                                    || cause == CloseCause.HANDSHAKE_FAILED)
                        .isPresent());
  }
}
