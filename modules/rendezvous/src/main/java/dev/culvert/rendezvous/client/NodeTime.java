package dev.culvert.rendezvous.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The time as nodes have it, for a peer whose clock is wrong: of those that it is connected to, the
 * one that is nearest to its own clock, so that one that lies changes nothing while another is
 * there.
 */
final class NodeTime {
  private static final Duration MOST = Duration.ofDays(36_500);

  private final InstantSource clock;
  private final Map<Line, Duration> ahead = new HashMap<>();
  private Duration correction = Duration.ZERO;

  NodeTime(InstantSource clock) {
    this.clock = clock;
  }

  void heard(Line line, Duration clockAhead) {
    if (clockAhead.abs().compareTo(MOST) <= 0) {
      ahead.put(line, clockAhead);
      correct();
    }
  }

  void gone(Line line) {
    ahead.remove(line);
    correct();
  }

  /** With nobody there, what was true last is the best guess. */
  private void correct() {
    Optional<Duration> least =
        ahead.values().stream().min((one, other) -> one.abs().compareTo(other.abs()));
    correction = least.orElse(correction);
  }

  Instant now() {
    return clock.instant().plus(correction);
  }

  Duration correction() {
    return correction;
  }
}
