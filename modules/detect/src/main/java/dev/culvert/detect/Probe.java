package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import java.util.List;

/** One test of a path. */
interface Probe {

  /** Takes the next steps: starts volleys, stops those that have told what they can. */
  void advance(MonotonicTime now);

  /** What is being sent; in the order in which it is to be sent. */
  List<Volley> volleys();

  /** Whether it has its answer, or will not have one however long it goes on. */
  boolean isSettled(MonotonicTime now);
}
