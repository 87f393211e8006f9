package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a component's data goes.
 *
 * @param component whose
 * @param local this agent's candidate, as the peer sees it
 * @param remote the peer's
 * @param flow what data is sent on
 * @param selected whether it was nominated (RFC 8445 §8.1); data may go before (§12.1)
 * @param narrow whether datagrams of 1,200 bytes are known not to pass, while there is nothing
 *     better
 * @param roundTrip as last measured
 */
public record IcePath(
    ComponentId component,
    Candidate local,
    Candidate remote,
    Flow flow,
    boolean selected,
    boolean narrow,
    Optional<Duration> roundTrip) {
  /** Whether a relay stands in the way. */
  public boolean isRelayed() {
    return local.type() == CandidateType.RELAYED || remote.type() == CandidateType.RELAYED;
  }
}
