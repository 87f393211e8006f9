package dev.culvert.rendezvous.client;

import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.LocalNodes;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks for nodes on the local network while too few others answer. */
final class Vicinity {
  /** Cached, configured and invited ones come first in the order of joining. */
  private static final Duration FIRST = Duration.ofMillis(900);

  private static final Duration AGAIN = Duration.ofSeconds(30);
  private static final int MOST = 16;

  private final Means means;
  private final Lines lines;
  private final boolean wanted;
  private Optional<MonotonicTime> next = Optional.empty();
  private Optional<Long> asked = Optional.empty();

  Vicinity(Means means, Lines lines, boolean wanted) {
    this.means = means;
    this.lines = lines;
    this.wanted = wanted;
  }

  void advance(MonotonicTime now) {
    if (!wanted || lines.welcome().size() >= Lines.MOST_LASTING) {
      next = Optional.empty();
      return;
    }
    MonotonicTime due = next.orElseGet(() -> now.plus(FIRST));
    if (now.isBefore(due)) {
      next = Optional.of(due);
      return;
    }
    long id = means.id();
    asked = Optional.of(id);
    means.outputs.add(new Output.Ask(id, LocalNodes.question()));
    next = Optional.of(now.plus(means.around(AGAIN)));
  }

  /** What was found, if this is what was asked for. */
  List<KnownNode> found(Input input) {
    if (input instanceof Input.Answered answered
        && asked.filter(id -> id == answered.id()).isPresent()) {
      asked = Optional.empty();
      return LocalNodes.of(answered.answer()).stream().limit(MOST).toList();
    }
    return List.of();
  }

  Optional<MonotonicTime> nextDeadline() {
    return next;
  }
}
