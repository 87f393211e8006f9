package dev.culvert.turn.server;

import java.util.OptionalLong;
import java.util.TreeSet;

/** What an engine has to do later, soonest first. Times are nanoseconds of the driver's clock. */
final class Deadlines {
  /** Something that may be due; being called for nothing does it no harm. */
  interface Due {
    void due(long now);
  }

  /** One entry. */
  record Deadline(long at, long number, Due what) {}

  /** Not a heap: what is given back early goes at once, or those who come and go would pile up. */
  private final TreeSet<Deadline> queue = new TreeSet<>(Deadlines::compare);

  private long added;

  private static int compare(Deadline one, Deadline other) {
    int sooner = Long.signum(one.at() - other.at());
    return sooner != 0 ? sooner : Long.compare(one.number(), other.number());
  }

  Deadline add(long at, Due what) {
    Deadline deadline = new Deadline(at, added++, what);
    queue.add(deadline);
    return deadline;
  }

  /** Forgets an entry, if it is still there. */
  void remove(Deadline deadline) {
    queue.remove(deadline);
  }

  void run(long now) {
    while (!queue.isEmpty() && queue.first().at() - now <= 0) {
      Deadline first = queue.first();
      queue.remove(first);
      first.what().due(now);
    }
  }

  OptionalLong next() {
    return queue.isEmpty() ? OptionalLong.empty() : OptionalLong.of(queue.first().at());
  }

  int size() {
    return queue.size();
  }
}
