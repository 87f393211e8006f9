package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.util.List;
import java.util.Optional;

/**
 * Whether two hosts should reach each other through a relay that both reach (RFC 8656): always,
 * since a relay asks nothing of a NAT but that a connection to it can be opened from inside, over
 * TCP where no UDP passes.
 */
public final class RelayTheory implements Theory {

  /** A theory; it holds nothing. */
  public RelayTheory() {}

  @Override
  public Optional<Expected> of(List<Profile> cell) {
    if (cell.stream().anyMatch(profile -> lets(profile, Traffic.NOTHING))) {
      return Optional.of(new Expected("unreachable", "one of them reaches nobody, nor the relay"));
    }
    return Optional.of(
        new Expected(
            "relayed",
            cell.stream().anyMatch(profile -> lets(profile, Traffic.NO_UDP))
                ? "who may not use UDP reaches the relay over TCP"
                : "both reach the relay over UDP"));
  }

  private static boolean lets(Profile profile, Traffic traffic) {
    return profile.routers().stream().map(NatBehaviour::traffic).anyMatch(traffic::equals);
  }
}
