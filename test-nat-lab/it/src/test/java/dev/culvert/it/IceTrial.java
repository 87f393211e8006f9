package dev.culvert.it;

import dev.culvert.lab.matrix.IceTheory;
import dev.culvert.lab.matrix.ReachTheory;
import dev.culvert.lab.matrix.Theory;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.util.List;

/**
 * Two engines that are to meet.
 *
 * @param profiles what the offering and the answering side are behind
 * @param engines of the two; who offers controls
 * @param relay whether there is a relay; otherwise servers alone show addresses
 */
record IceTrial(List<Profile> profiles, List<String> engines, boolean relay) {
  static final String OURS = "culvert";
  static final String ICE4J = "ice4j";

  IceTrial {
    profiles = List.copyOf(profiles);
    engines = List.copyOf(engines);
  }

  String policy() {
    return relay ? "prefer-direct" : "direct-only";
  }

  /** What theory says, where an engine can do all that theory supposes. */
  String expected() {
    if (!relay) {
      return word(new ReachTheory());
    }
    for (int side = 0; side < 2; side++) {
      // It speaks to relays over UDP alone, so it has nothing that leads out.
      if (engines.get(side).equals(ICE4J) && isBlocked(side)) {
        return "unreachable";
      }
    }
    return word(new IceTheory());
  }

  /**
   * Whether that will do: ice4j nominates the pair that was proven first, not the best, so where it
   * controls and has a relay a direct path is not certain.
   */
  boolean isRight(String outcome) {
    boolean first = relay && engines.get(0).equals(ICE4J);
    return outcome.equals(expected())
        || (first && expected().equals("direct") && outcome.equals("relayed"));
  }

  /** Whether no UDP passes on this side. */
  boolean isBlocked(int side) {
    return profiles.get(side).routers().stream()
        .map(NatBehaviour::traffic)
        .anyMatch(traffic -> traffic != Traffic.ALL);
  }

  private String word(Theory theory) {
    return theory.of(profiles).orElseThrow(() -> new AssertionError(toString())).outcome();
  }

  /** Whether both are behind one NAT of a carrier. */
  boolean shares() {
    return profiles.get(0).shared() && profiles.get(0).equals(profiles.get(1));
  }

  /** All but the profiles. */
  String kind() {
    return String.join(",", engines) + (relay ? " relay" : " alone");
  }

  /** How it stands in reports; also the id of its connections. */
  @Override
  public String toString() {
    return profiles.get(0).name() + "," + profiles.get(1).name() + " " + kind();
  }
}
