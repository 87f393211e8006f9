package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Which piece to ask of whom: the rarest first, each of one peer alone, unless that one takes long.
 * Relays belong to somebody: over one nothing is asked for that a direct path would bring. Safe for
 * any thread.
 */
final class Choice {
  /** After that another peer may be asked for the same piece. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MOST_ASKED = 2;

  private final Pieces pieces;
  private final RandomGenerator random;
  private final LongSupplier nanos;
  private final Map<PeerId, Offer> offers = new HashMap<>();
  private int mostAtOnce;

  /** What a peer has, how it is reached, and since when it was asked for which. */
  private static final class Offer {
    private BitSet here = new BitSet();
    private boolean direct;
    private final Map<Integer, Long> asked = new HashMap<>();
  }

  /**
   * Nothing asked so far.
   *
   * @param nanos a clock as {@link System#nanoTime}
   */
  Choice(Pieces pieces, RandomGenerator random, LongSupplier nanos) {
    this.pieces = pieces;
    this.random = random;
    this.nanos = nanos;
  }

  /** What a peer has now, and how it is reached. */
  synchronized void offers(PeerId peer, boolean direct, BitSet here) {
    Offer offer = offers.computeIfAbsent(peer, fresh -> new Offer());
    offer.direct = direct;
    offer.here = (BitSet) here.clone();
    notifyAll();
  }

  /** A peer is gone, and will not answer. */
  synchronized void gone(PeerId peer) {
    offers.remove(peer);
    notifyAll();
  }

  /** A peer has answered, or will not. */
  synchronized void answered(PeerId peer, int piece, boolean had) {
    Offer offer = offers.get(peer);
    if (offer != null) {
      offer.asked.remove(piece);
      if (!had) {
        offer.here.clear(piece);
      }
    }
    notifyAll();
  }

  /** The piece to ask this peer for now, which counts as asked for from now on. */
  synchronized OptionalInt next(PeerId peer) {
    Offer its = offers.get(peer);
    if (its == null) {
      return OptionalInt.empty();
    }
    BitSet useful = (BitSet) its.here.clone();
    useful.andNot(pieces.here());
    its.asked.keySet().forEach(useful::clear);
    if (!its.direct) {
      offers.values().stream().filter(each -> each.direct).forEach(o -> useful.andNot(o.here));
    }
    List<Integer> best = new ArrayList<>();
    int bestRank = Integer.MAX_VALUE;
    for (int i = useful.nextSetBit(0); i >= 0; i = useful.nextSetBit(i + 1)) {
      int rank = rank(i);
      if (rank < bestRank) {
        best.clear();
        bestRank = rank;
      }
      if (rank == bestRank && rank < Integer.MAX_VALUE) {
        best.add(i);
      }
    }
    if (best.isEmpty()) {
      return OptionalInt.empty();
    }
    int piece = best.get(random.nextInt(best.size()));
    its.asked.put(piece, nanos.getAsLong());
    int atOnce = (int) offers.values().stream().filter(each -> !each.asked.isEmpty()).count();
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    return OptionalInt.of(piece);
  }

  /** Less is better: how many have it; those that others are asked for come last, or never. */
  private int rank(int piece) {
    int owners = 0;
    int asked = 0;
    for (Offer offer : offers.values()) {
      owners += offer.here.get(piece) ? 1 : 0;
      Long since = offer.asked.get(piece);
      if (since != null) {
        asked++;
        if (nanos.getAsLong() - since < PATIENCE.toNanos()) {
          return Integer.MAX_VALUE;
        }
      }
    }
    return asked >= MOST_ASKED ? Integer.MAX_VALUE : owners + (asked > 0 ? 1 << 20 : 0);
  }

  /** The most peers that were asked at one time. */
  synchronized int mostAtOnce() {
    return mostAtOnce;
  }

  /** Waits until something has changed, or that long. */
  synchronized void await(Duration most) throws InterruptedException {
    TimeUnit.NANOSECONDS.timedWait(this, most.toNanos());
  }

  /** Has those who wait look again. */
  synchronized void wake() {
    notifyAll();
  }
}
