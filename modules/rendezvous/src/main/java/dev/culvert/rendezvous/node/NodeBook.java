package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.sansio.Bytes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The other nodes that this one tells of: as many as fit, until their records expire. */
final class NodeBook {
  /** Nobody's record is kept for longer, so that nodes that are gone are forgotten. */
  static final Duration LONGEST = Duration.ofHours(24);

  static final int MOST = 256;
  static final int MOST_OF_ONE_ORIGIN = 8;

  private final Map<PeerId, Entry> entries = new HashMap<>();

  private record Entry(NodeRecord record, Signed signed, Bytes origin) {}

  /**
   * Keeps a node's record in place of an older one.
   *
   * @param origin from where it comes; no origin fills the book
   * @param share how many may come from there
   * @return whether there was room
   */
  boolean put(NodeRecord record, Signed signed, Bytes origin, int share, Instant now) {
    expire(now);
    Entry old = entries.get(record.node());
    if (old != null && old.record().expiry().isAfter(record.expiry())) {
      return true;
    }
    boolean stays = old != null && old.origin().equals(origin);
    long there = entries.values().stream().filter(entry -> entry.origin().equals(origin)).count();
    if (!stays && (there >= share || (old == null && entries.size() >= MOST))) {
      return false;
    }
    entries.put(record.node(), new Entry(record, signed, origin));
    return true;
  }

  /**
   * What is told: {@code first} ones, and of all others as many as one message holds, another
   * choice each time.
   */
  List<Signed> told(List<Signed> first, RandomGenerator random, Instant now) {
    expire(now);
    List<Signed> others = new ArrayList<>();
    entries.values().forEach(entry -> others.add(entry.signed()));
    for (int left = others.size(); left > 1; left--) {
      Collections.swap(others, left - 1, random.nextInt(left));
    }
    List<Signed> wanted = new ArrayList<>(first);
    wanted.addAll(others);
    List<Signed> told = new ArrayList<>();
    Sheet sheet = new Sheet();
    for (Signed each : wanted) {
      boolean again = told.stream().anyMatch(other -> other.signer().equals(each.signer()));
      if (!again && sheet.takes(each)) {
        told.add(each);
      }
    }
    return told;
  }

  int size() {
    return entries.size();
  }

  private void expire(Instant now) {
    entries.values().removeIf(entry -> !entry.record().expiry().isAfter(now));
  }
}
