package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.KnownNode;
import java.util.Optional;

/** What a {@link RendezvousNode} tells its owner. */
public sealed interface NodeEvent {
  /**
   * A peer proved who it is.
   *
   * @param peer who
   */
  record Joined(PeerId peer) implements NodeEvent {}

  /**
   * A peer is connected no longer.
   *
   * @param peer who
   */
  record Left(PeerId peer) implements NodeEvent {}

  /**
   * The node went to a neighbour to announce itself and to ask for others; told of failures once,
   * until it goes well again.
   *
   * @param neighbour where
   * @param fault one line for people; empty if it went well
   */
  record Visited(KnownNode neighbour, Optional<String> fault) implements NodeEvent {}
}
