package dev.culvert.rendezvous.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts the ordered messages of the other side into their order. */
final class Inbox {
  private static final int ROOM = 32;

  private final Map<Long, CallMessage> early = new HashMap<>();
  private long next;

  /** How many were taken. */
  long taken() {
    return next;
  }

  /** Takes one, and gives those whose turn it is. */
  List<CallMessage> take(long sequence, CallMessage message) {
    if (sequence >= next && sequence < next + ROOM) {
      early.putIfAbsent(sequence, message);
    }
    List<CallMessage> due = new ArrayList<>();
    for (CallMessage each = early.remove(next); each != null; each = early.remove(next)) {
      due.add(each);
      next++;
    }
    return due;
  }
}
