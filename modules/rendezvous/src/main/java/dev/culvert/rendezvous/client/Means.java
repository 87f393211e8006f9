package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerKey;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** What all lines of a peer use. */
final class Means {
  final PeerKey key;
  final RandomGenerator random;
  final InstantSource clock;
  final Queue<Output> outputs = new ArrayDeque<>();
  private long nextId;

  Means(PeerKey key, long firstId, RandomGenerator random, InstantSource clock) {
    this.key = key;
    this.nextId = firstId;
    this.random = random;
    this.clock = clock;
  }

  /** A fresh id for an output. */
  long id() {
    return nextId++;
  }

  /** Somewhere between half of it and one and a half, so that many do not do it at once. */
  Duration around(Duration time) {
    return time.dividedBy(2).plusNanos(random.nextLong(Math.max(1, time.toNanos())));
  }

  static MonotonicTime earlier(MonotonicTime one, MonotonicTime other) {
    return one.isBefore(other) ? one : other;
  }
}
