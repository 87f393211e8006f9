package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.NatOptions;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Whether two hosts behind NATs should reach each other over IPv4 by sending to each other's
 * reflexive addresses at the same time (RFC 5128 §3.3), from mapping, filtering and hairpinning of
 * both sides in the words of RFC 4787.
 *
 * <p>Of several NATs in a row the hardest decides. It expects nothing where mappings die while the
 * two still try, where a NAT has options that most have not, and where both sides' mappings depend
 * on the destination but a filter is not the strictest: there it depends on how a NAT ties its
 * filter to its mappings, which RFC 4787 leaves open.
 */
public final class ReachTheory implements Theory {
  /** Mappings that live no longer than an attempt may be gone before it ends. */
  private static final Duration ATTEMPT = Duration.ofSeconds(4);

  /** A theory; it holds nothing. */
  public ReachTheory() {}

  @Override
  public Optional<Expected> of(List<Profile> cell) {
    if (cell.size() != 2) {
      return Optional.empty();
    }
    Side a = Side.of(cell.get(0));
    Side b = Side.of(cell.get(1));
    if (a.blocked || b.blocked) {
      return unreachable((a.blocked ? "a" : "b") + "'s router lets no UDP pass");
    }
    if (a.unclear || b.unclear) {
      return Optional.empty();
    }
    if (MatrixPlan.shares(cell)) {
      List<NatBehaviour> routers = cell.get(0).routers();
      if (!routers.get(routers.size() - 1).hairpin()) {
        return unreachable(
            "both are behind one NAT that does not hairpin, and know nothing but its outside"
                + " address of each other");
      }
    }
    return a.isStable() && b.isStable() ? bothStable(a, b) : oneOrNoneStable(a, b);
  }

  private static Optional<Expected> bothStable(Side a, Side b) {
    return direct(
        a.filtering == Filtering.NONE || b.filtering == Filtering.NONE
            ? "one of them takes packets from anybody, and the other's address is the same for all"
            : "both keep one outside address for all destinations, so what each announced is where"
                + " it sends from, and its own first packet opens its filter for the other");
  }

  /** At least one side's outside address depends on whom it sends to. */
  private static Optional<Expected> oneOrNoneStable(Side a, Side b) {
    if (!a.isStable() && !b.isStable()) {
      boolean strictest =
          a.filtering == Filtering.ADDRESS_AND_PORT_DEPENDENT
              && b.filtering == Filtering.ADDRESS_AND_PORT_DEPENDENT;
      return strictest
          ? unreachable(
              "both send from other ports than they announced, and neither lets in a port that it"
                  + " did not send to")
          : Optional.empty();
    }
    Side stable = a.isStable() ? a : b;
    String steady = stable == a ? "a" : "b";
    String moving = stable == a ? "b" : "a";
    return stable.filtering == Filtering.ADDRESS_AND_PORT_DEPENDENT
        ? unreachable(
            moving
                + " sends to "
                + steady
                + " from another port than it announced, and "
                + steady
                + " lets in no port that it did not send to")
        : direct(
            moving
                + " sends to "
                + steady
                + " from another port than it announced, but "
                + steady
                + " lets it in and then knows that port");
  }

  private static Optional<Expected> direct(String why) {
    return Optional.of(new Expected("direct", why));
  }

  private static Optional<Expected> unreachable(String why) {
    return Optional.of(new Expected("unreachable", why));
  }

  /** What the routers of one side come to. */
  private static final class Side {
    Mapping mapping = Mapping.NONE;
    Filtering filtering = Filtering.NONE;
    boolean blocked;
    boolean unclear;

    static Side of(Profile profile) {
      Side side = new Side();
      for (NatBehaviour router : profile.routers()) {
        Mapping its = effective(router);
        side.mapping = its.compareTo(side.mapping) > 0 ? its : side.mapping;
        side.filtering =
            router.filtering().compareTo(side.filtering) > 0 ? router.filtering() : side.filtering;
        side.blocked |= router.traffic() != Traffic.ALL;
        side.unclear |=
            router.timeout().compareTo(ATTEMPT) < 0 || !router.options().equals(NatOptions.USUAL);
      }
      return side;
    }

    /** A host alone behind a NAT that overloads ports has the same one for all destinations. */
    private static Mapping effective(NatBehaviour router) {
      return router.translates() && router.ports().kind() == PortAllocation.Kind.OVERLOADING
          ? Mapping.ENDPOINT_INDEPENDENT
          : router.mapping();
    }

    boolean isStable() {
      return mapping.compareTo(Mapping.ENDPOINT_INDEPENDENT) <= 0;
    }
  }
}
