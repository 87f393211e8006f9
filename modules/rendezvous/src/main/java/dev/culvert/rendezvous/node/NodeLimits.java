package dev.culvert.rendezvous.node;

import dev.culvert.rendezvous.wire.Frame;

/**
 * How much a node does for whom. Rates are a minute's, and as much may come at once.
 *
 * @param connections of all peers
 * @param connectionsPerPrefix of those of one network, an IPv4 /24 or an IPv6 /56; none toward
 *     loopback
 * @param proofsPerPrefix signatures checked for one network; none toward loopback
 * @param proofs signatures checked for all, so that a node that comes back is not held up for long
 *     by all its peers at once
 * @param records kept
 * @param namespacesPerPeer that it is discovered in
 * @param requests of one peer
 * @param signals of one peer
 * @param signalsPerTarget to one peer, of all others
 */
public record NodeLimits(
    int connections,
    int connectionsPerPrefix,
    int proofsPerPrefix,
    int proofs,
    int records,
    int namespacesPerPeer,
    int requests,
    int signals,
    int signalsPerTarget) {
  /** For a node of one core that serves everybody. */
  public static final NodeLimits STANDARD =
      new NodeLimits(20_000, 512, 300, 60_000, 100_000, 8, 240, 240, 600);

  /** Refuses what is not positive. */
  public NodeLimits {
    for (int each :
        new int[] {
          connections,
          connectionsPerPrefix,
          proofsPerPrefix,
          proofs,
          records,
          namespacesPerPeer,
          requests,
          signals,
          signalsPerTarget
        }) {
      if (each < 1) {
        throw new IllegalArgumentException("a limit is 1 or more, not " + each);
      }
    }
  }

  /**
   * On one connection, understood or not: twice what is answered, since some of it may be early.
   */
  int messages() {
    return (int) Math.min(Integer.MAX_VALUE, 2L * requests + 2L * signals);
  }

  /** On all connections of one network; few peers ever say so much at once. */
  int messagesPerPrefix() {
    return (int) Math.min(Integer.MAX_VALUE, 40L * connectionsPerPrefix);
  }

  /** What of that each peer is told. */
  Frame.Allowance allowance() {
    return new Frame.Allowance(requests, signals, namespacesPerPeer);
  }
}
