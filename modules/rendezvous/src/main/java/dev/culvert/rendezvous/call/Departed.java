package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sessions that are over, for as long as an envelope of theirs could come again. */
final class Departed {
  private static final int MOST = 4096;

  /** A session, and who said what it is called. */
  record Name(PeerId peer, Bytes session) {}

  private final Map<Name, MonotonicTime> until = new LinkedHashMap<>();

  void add(Name name, MonotonicTime now) {
    Iterator<MonotonicTime> oldest = until.values().iterator();
    while (oldest.hasNext()) {
      boolean holds = now.isBefore(oldest.next());
      if (holds && until.size() < MOST) {
        break;
      }
      oldest.remove();
    }
    until.put(name, now.plus(Seals.longestMemory()));
  }

  /** It is not over after all. */
  void remove(Name name) {
    until.remove(name);
  }

  boolean has(Name name) {
    return until.containsKey(name);
  }
}
