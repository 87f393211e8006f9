package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;

/** The first of several moments that is still to come. */
final class Soonest {
  private final MonotonicTime now;
  private Optional<MonotonicTime> when = Optional.empty();

  Soonest(MonotonicTime now) {
    this.now = now;
  }

  void consider(MonotonicTime candidate) {
    if (now.isBefore(candidate) && (when.isEmpty() || candidate.isBefore(when.get()))) {
      when = Optional.of(candidate);
    }
  }

  Optional<MonotonicTime> when() {
    return when;
  }
}
