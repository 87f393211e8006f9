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

  /** As ICE has it. */
  static PeerPath of(IcePath ice, Optional<String> plan) {
    return new PeerPath(
        ice.local().address().known().orElse(ice.flow().local()),
        ice.remote().address().known().orElse(ice.flow().remote()),
        ice.isRelayed(),
        plan,
        ice,
        ice.roundTrip());
  }

  /** Whether data goes the same way as by the other. */
  boolean isSameWay(PeerPath other) {
    return local.equals(other.local)
        && remote.equals(other.remote)
        && relayed == other.relayed
        && ice.flow().id() == other.ice.flow().id();
  }

  /** Whether nobody stands in the way. */
  public boolean isDirect() {
    return !relayed;
  }
}
