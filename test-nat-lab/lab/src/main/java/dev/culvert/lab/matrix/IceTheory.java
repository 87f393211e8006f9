package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.util.List;
import java.util.Optional;

/**
 * What should come of ICE (RFC 8445) between two hosts that also have a relay: a direct path where
 * sending to each other's outside addresses gives one ({@link ReachTheory}), since checks are just
 * that; otherwise the relay, over TCP where no UDP passes. Hosts here are never on one link, so
 * their own addresses lead nowhere; where plain punching is open, so is this.
 */
public final class IceTheory implements Theory {
  private final Theory reach = new ReachTheory();
  private final Theory relay = new RelayTheory();

  /** A theory; it holds nothing. */
  public IceTheory() {}

  @Override
  public Optional<Expected> of(List<Profile> cell) {
    boolean udp = cell.stream().allMatch(IceTheory::letsUdp);
    Optional<Expected> relayed = relay.of(cell);
    if (!udp || relayed.filter(its -> its.outcome().equals("relayed")).isEmpty()) {
      return relayed;
    }
    return reach
        .of(cell)
        .map(
            its ->
                its.outcome().equals("direct")
                    ? its
                    : new Expected("relayed", its.why() + "; both reach the relay over UDP"));
  }

  private static boolean letsUdp(Profile profile) {
    return profile.routers().stream()
        .map(NatBehaviour::traffic)
        .allMatch(traffic -> traffic == Traffic.ALL);
  }
}
