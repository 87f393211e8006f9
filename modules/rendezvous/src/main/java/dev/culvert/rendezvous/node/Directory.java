package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.sansio.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The records that peers want to be found by, and the namespaces that they are discovered in. */
final class Directory {
  /** Keys cost nothing, so one network may have this part of all records and no more. */
  private static final int SHARES = 16;

  private final int most;
  private final Map<PeerId, Entry> entries = new HashMap<>();
  private final Map<Bytes, TreeMap<String, Entry>> namespaces = new HashMap<>();
  private final Tally<Bytes> origins = new Tally<>();
  private final TreeSet<Entry> expiries =
      new TreeSet<>(
          Comparator.comparing((Entry entry) -> entry.record().expiry())
              .thenComparing(entry -> entry.record().peer().key().hex()));

  /** What is kept of a peer, and which network it counts toward, if any. */
  record Entry(PeerRecord record, Signed signed, List<Bytes> namespaces, Optional<Bytes> origin) {}

  /** What came of a registration. */
  enum Outcome {
    KEPT,
    STALE,
    FULL
  }

  Directory(int most) {
    this.most = most;
  }

  /**
   * Keeps a record unless there is a newer one; the same again is welcome.
   *
   * @param origin the network that it comes from; empty for this host itself
   */
  Outcome register(
      PeerRecord record, Signed signed, List<Bytes> wanted, Optional<Bytes> origin, Instant now) {
    expire(now);
    Entry old = entries.get(record.peer());
    if (old != null && old.record().sequence() > record.sequence()) {
      return Outcome.STALE;
    }
    if (old != null
        && old.record().sequence() == record.sequence()
        && !old.record().equals(record)) {
      return Outcome.STALE;
    }
    boolean stays = old != null && old.origin().equals(origin);
    if ((old == null && entries.size() >= most) || (!stays && hasItsShare(origin))) {
      return Outcome.FULL;
    }
    remove(record.peer());
    Entry entry = new Entry(record, signed, List.copyOf(wanted), origin);
    entries.put(record.peer(), entry);
    origin.ifPresent(origins::add);
    expiries.add(entry);
    for (Bytes namespace : entry.namespaces()) {
      namespaces
          .computeIfAbsent(namespace, fresh -> new TreeMap<>())
          .put(record.peer().toString(), entry);
    }
    return Outcome.KEPT;
  }

  private boolean hasItsShare(Optional<Bytes> origin) {
    return origin.filter(its -> origins.of(its) >= Math.max(1, most / SHARES)).isPresent();
  }

  void remove(PeerId peer) {
    Entry entry = entries.remove(peer);
    if (entry == null) {
      return;
    }
    entry.origin().ifPresent(origins::remove);
    expiries.remove(entry);
    for (Bytes namespace : entry.namespaces()) {
      TreeMap<String, Entry> members = namespaces.get(namespace);
      if (members != null) {
        members.remove(peer.toString());
        if (members.isEmpty()) {
          namespaces.remove(namespace);
        }
      }
    }
  }

  Optional<Entry> find(PeerId peer, Instant now) {
    expire(now);
    return Optional.ofNullable(entries.get(peer));
  }

  /** Members after the one that the cookie names, one more than wanted if there are. */
  List<Entry> members(Bytes namespace, Optional<String> after, int count, Instant now) {
    expire(now);
    TreeMap<String, Entry> members = namespaces.get(namespace);
    if (members == null) {
      return List.of();
    }
    List<Entry> found = new ArrayList<>();
    for (Entry entry : members.tailMap(after.orElse(""), false).values()) {
      if (found.size() == count) {
        break;
      }
      found.add(entry);
    }
    return found;
  }

  int size() {
    return entries.size();
  }

  private void expire(Instant now) {
    while (!expiries.isEmpty() && !expiries.first().record().expiry().isAfter(now)) {
      remove(expiries.first().record().peer());
    }
  }
}
