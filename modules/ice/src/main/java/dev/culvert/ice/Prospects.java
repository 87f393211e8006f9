package dev.culvert.ice;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/**
 * Until when a round may still succeed although each of its checks has failed: the peer may yet
 * send one that gets through (RFC 8863 §3). With a peer that tells how long its checks last, that
 * ends.
 */
final class Prospects {
  /** For the last candidates to be told, and the last check to travel. */
  private static final Duration ON_THE_WAY = Duration.ofMillis(1500);

  private boolean localEnded;
  private boolean remoteEnded;
  private boolean peerBegan;
  private boolean peerFailed;
  private MonotonicTime news = new MonotonicTime(0);

  /** Something that may lead to a new check of the peer. */
  void news(MonotonicTime now) {
    news = now;
  }

  void endLocal(MonotonicTime now) {
    localEnded = true;
    news(now);
  }

  boolean localEnded() {
    return localEnded;
  }

  void endRemote(MonotonicTime now) {
    remoteEnded = true;
    news(now);
  }

  boolean remoteEnded() {
    return remoteEnded;
  }

  /**
   * The peer has this agent's description.
   *
   * @return whether that was not known
   */
  boolean begin(MonotonicTime now) {
    boolean is = !peerBegan;
    peerBegan = true;
    if (is) {
      news(now);
    }
    return is;
  }

  boolean peerBegan() {
    return peerBegan;
  }

  void peerFailed() {
    peerFailed = true;
  }

  boolean hasPeerFailed() {
    return peerFailed;
  }

  /** When a component whose checks have all failed is lost; empty if nobody can tell. */
  Optional<MonotonicTime> end(Round round) {
    boolean known = localEnded && remoteEnded && peerBegan && round.wants(IceParameters.BRISK);
    return known ? Optional.of(news.plus(peersChecks(round)).plus(ON_THE_WAY)) : Optional.empty();
  }

  /**
   * How long the peer's checks may last: it has at most as many pairs as there are ways to pair the
   * candidates that were told, begins them Ta apart, and those of one foundation may wait for each
   * other, once for each component (RFC 8445 §6.1.4.2). A TCP connection takes as long as a check.
   */
  private static Duration peersChecks(Round round) {
    int pairs = round.list().mostPairsOfPeer();
    Duration slots = round.repeatPacing().multipliedBy(pairs);
    int inTurn = round.list().components() * (round.list().hasTcp() ? 2 : 1);
    return Check.longest(slots).multipliedBy(inTurn).plus(slots);
  }
}
