package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Tells whoever watches what the agent does; as long as nobody does, nothing is made to tell. */
final class Steps {
  private Optional<BiConsumer<MonotonicTime, IceStep>> watcher = Optional.empty();
  private MonotonicTime now = new MonotonicTime(0);

  void watch(BiConsumer<MonotonicTime, IceStep> by) {
    watcher = Optional.of(by);
  }

  /** Whatever is told from here on happens at this time. */
  void at(MonotonicTime time) {
    now = time;
  }

  void tell(Supplier<IceStep> step) {
    watcher.ifPresent(by -> by.accept(now, step.get()));
  }
}
