package dev.culvert.peer;

import dev.culvert.ice.IcePath;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The way between two peers.
 *
 * @param local this side's address, as the peer sees it
 * @param remote the peer's
 * @param relayed whether a relay stands in the way
 * @param plan the plan of hole punching that opened it; empty: ICE found it by itself
 * @param ice the pair of candidates
 * @param roundTrip as ICE measured it last
 */
public record PeerPath(
    TransportAddress local,
    TransportAddress remote,
    boolean relayed,
    Optional<String> plan,
    IcePath ice,
    Optional<Duration> roundTrip) {

  /** Whether nobody stands in the way. */
  public boolean isDirect() {
    return !relayed;
  }
}
