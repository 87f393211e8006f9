package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Profile;
import java.util.List;
import java.util.Optional;

/**
 * What should come of two peers that connect by ICE, by a relay, and by plans of hole punching: a
 * direct path where ICE finds one ({@link IceTheory}) and where a plan can, which is wherever at
 * most one side's outside port has to be guessed, and where both sides' ports follow each other;
 * otherwise the relay. It knows nothing of ports that are neither random nor in sequence where a
 * mapping depends on the destination.
 */
public final class ConnectTheory implements Theory {
  private final Theory ice = new IceTheory();

  /** A theory; it holds nothing. */
  public ConnectTheory() {}

  @Override
  public Optional<Expected> of(List<Profile> cell) {
    Optional<Expected> plain = ice.of(cell);
    if (plain.filter(its -> its.outcome().equals("relayed") && !isBlocked(its)).isEmpty()) {
      return plain;
    }
    List<Side> sides = cell.stream().map(Side::of).toList();
    if (sides.stream().allMatch(Side.STABLE::equals) || sides.contains(Side.UNCLEAR)) {
      return plain;
    }
    if (sides.contains(Side.STABLE)) {
      boolean sequence = sides.contains(Side.SEQUENTIAL);
      return direct(
          sequence
              ? "one side's ports follow each other, so the next is foretold, and the other keeps"
                  + " one outside address"
              : "one side's port is found by chance, since the other keeps one outside address"
                  + " from which it tries many");
    }
    if (sides.stream().allMatch(Side.SEQUENTIAL::equals)) {
      return direct("the ports of both sides follow each other, so both next ones are foretold");
    }
    return Optional.of(
        new Expected(
            "relayed",
            sides.contains(Side.SEQUENTIAL)
                ? "one side draws random ports, and the other has another port for each that it"
                    + " would try"
                : "both sides draw random ports"));
  }

  /** Whether the reason is that no UDP passes, against which no plan helps. */
  private static boolean isBlocked(Expected plain) {
    return plain.why().contains("TCP");
  }

  private static Optional<Expected> direct(String why) {
    return Optional.of(new Expected("direct", why));
  }

  /** What the outside ports of one side are to a peer that it has not sent to yet. */
  private enum Side {
    /** The same as to anybody else. */
    STABLE,
    /** The one after the last. */
    SEQUENTIAL,
    /** Any. */
    RANDOM,
    /** Nobody says. */
    UNCLEAR;

    /** The hardest of its routers decides. */
    static Side of(Profile profile) {
      Side side = STABLE;
      for (NatBehaviour router : profile.routers()) {
        Side its = of(router);
        side = its.compareTo(side) > 0 ? its : side;
      }
      return side;
    }

    private static Side of(NatBehaviour router) {
      if (!router.translates() || router.mapping().compareTo(Mapping.ENDPOINT_INDEPENDENT) <= 0) {
        return STABLE;
      }
      PortAllocation.Kind kind = router.ports().kind();
      return switch (kind) {
        case OVERLOADING -> STABLE;
        case SEQUENTIAL -> SEQUENTIAL;
        case RANDOM -> RANDOM;
        case PRESERVING -> UNCLEAR;
      };
    }
  }
}
