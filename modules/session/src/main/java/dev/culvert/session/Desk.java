package dev.culvert.session;

import dev.culvert.sansio.Output;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** What all parts of a session share: ids of flows, what is to be done, what is to be told. */
final class Desk {
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<SessionEvent> events = new ArrayDeque<>();
  private long nextId;

  /** An id that nobody else in this session uses. */
  long newId() {
    return nextId++;
  }

  void put(Output output) {
    outputs.add(output);
  }

  void tell(SessionEvent event) {
    events.add(event);
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  Optional<SessionEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
