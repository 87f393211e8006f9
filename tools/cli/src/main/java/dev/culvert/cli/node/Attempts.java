package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Goes on after a fault, so that people see all of them at once. Confined to one thread. */
final class Attempts {
  private final List<Fault> faults = new ArrayList<>();

  /** What {@code part} makes, or {@code substitute} if it finds a fault. */
  <T> T of(Supplier<T> part, T substitute) {
    try {
      return part.get();
    } catch (Fault e) {
      faults.add(e);
      return substitute;
    }
  }

  /** Throws what was found, if anything. */
  void finish() {
    if (!faults.isEmpty()) {
      throw Fault.of(faults);
    }
  }
}
