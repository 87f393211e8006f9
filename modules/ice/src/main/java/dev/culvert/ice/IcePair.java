package dev.culvert.ice;

import dev.culvert.sansio.Flow;

/**
 * A candidate pair, as it is told to others.
 *
 * @param local this agent's candidate, as the peer sees it where that is known
 * @param remote the peer's
 * @param flow what its checks go on; of a TCP pair without a connection only its addresses count
 */
public record IcePair(Candidate local, Candidate remote, Flow flow) {
  /** The component that it is for. */
  public ComponentId component() {
    return local.component();
  }
}
