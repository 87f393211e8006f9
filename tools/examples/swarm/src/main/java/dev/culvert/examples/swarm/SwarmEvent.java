package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import java.util.List;

/** What happens in a swarm. */
sealed interface SwarmEvent {
  /** A peer is there to ask. */
  record Joined(PeerId peer) implements SwarmEvent {}

  /**
   * A right piece came.
   *
   * @param piece which
   * @param from who gave it
   * @param direct whether it came straight, and not through a relay
   * @param here how many there are now
   */
  record Took(int piece, PeerId from, boolean direct, int here) implements SwarmEvent {}

  /**
   * A peer is not asked any more.
   *
   * @param reason one line for people
   * @param dropped whether it broke its word, and is not to come back
   */
  record Left(PeerId peer, String reason, boolean dropped) implements SwarmEvent {}

  /** A peer named others. */
  record Heard(List<PeerId> peers) implements SwarmEvent {
    public Heard {
      peers = List.copyOf(peers);
    }
  }

  /** The file is whole, once. */
  record Completed() implements SwarmEvent {}
}
