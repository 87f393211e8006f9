package dev.culvert.turn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final Deadlines deadlines = new Deadlines();
  private final List<String> done = new ArrayList<>();

  @Test
  void whatIsDueComesInOrderAndWhatWasRemovedNot() {
    deadlines.add(30, now -> done.add("c"));
    Deadlines.Deadline removed = deadlines.add(10, now -> done.add("never"));
    deadlines.add(10, now -> done.add("a"));
    deadlines.add(10, now -> done.add("b"));
    deadlines.remove(removed);
    deadlines.remove(removed);
    assertEquals(3, deadlines.size());
    deadlines.run(10);
    assertEquals(List.of("a", "b"), done);
    assertEquals(OptionalLong.of(30), deadlines.next());
    deadlines.run(30);
    assertEquals(List.of("a", "b", "c"), done);
    assertEquals(OptionalLong.empty(), deadlines.next());
  }
}
