package dev.culvert.rendezvous.node;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All who are connected: strangers in the order of coming, peers by when they were heard last. */
final class Guests {
  /** Whoever does not say by then who it is has nothing to say. */
  private static final Duration PROOF_PATIENCE = Duration.ofSeconds(10);

  private final Duration quiet;
  private final Map<Long, Guest> strangers = new LinkedHashMap<>();
  private final Map<Long, Guest> peers = new LinkedHashMap<>();

  Guests(Duration quiet) {
    this.quiet = quiet;
  }

  void add(Guest guest) {
    strangers.put(guest.flow().id(), guest);
  }

  Optional<Guest> find(long id) {
    Guest peer = peers.get(id);
    return Optional.ofNullable(peer == null ? strangers.get(id) : peer);
  }

  void proven(Guest guest) {
    strangers.remove(guest.flow().id());
    peers.put(guest.flow().id(), guest);
  }

  void heard(Guest guest, MonotonicTime now) {
    // A stranger that sends again and again does not get more time.
    if (peers.remove(guest.flow().id(), guest)) {
      guest.heard(now);
      peers.put(guest.flow().id(), guest);
    }
  }

  boolean remove(Guest guest) {
    long id = guest.flow().id();
    return peers.remove(id, guest) || strangers.remove(id, guest);
  }

  int size() {
    return strangers.size() + peers.size();
  }

  List<Guest> all() {
    return Stream.concat(peers.values().stream(), strangers.values().stream()).toList();
  }

  /** Those that were silent for too long. */
  List<Guest> due(MonotonicTime now) {
    List<Guest> due = new ArrayList<>();
    for (Map<Long, Guest> some : List.of(strangers, peers)) {
      for (Guest guest : some.values()) {
        if (now.isBefore(deadline(guest))) {
          break;
        }
        due.add(guest);
      }
    }
    return due;
  }

  Optional<MonotonicTime> nextDeadline() {
    return Stream.of(strangers, peers)
        .flatMap(some -> some.values().stream().limit(1))
        .map(this::deadline)
        .min(MonotonicTime::compareTo);
  }

  private MonotonicTime deadline(Guest guest) {
    return guest.heard().plus(guest.peer().isPresent() ? quiet : PROOF_PATIENCE);
  }
}
