package dev.culvert.session;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import java.util.function.Function;

/**
 * Whether two agents reach each other over UDP without a relay, by what ICE does (RFC 8445): each
 * sends to what a server saw of the other, learns from checks that get in, and answers where they
 * came from.
 *
 * <p>Follows from mapping, filtering and hairpinning (RFC 4787) alone. Of several routers in a row
 * the hardest decides.
 */
record SimReach(Mapping mapping, Filtering filtering, boolean blocked) {

  static boolean direct(Profile a, Profile b) {
    SimReach one = of(a);
    SimReach other = of(b);
    if (one.blocked || other.blocked) {
      return false;
    }
    if (share(a, b) && !a.routers().get(a.routers().size() - 1).hairpin()) {
      return false;
    }
    return one.admits(other) || other.admits(one);
  }

  /** Whether two hosts behind these profiles are behind one carrier's NAT. */
  static boolean share(Profile a, Profile b) {
    return a.shared() && a.equals(b);
  }

  static SimReach of(Profile profile) {
    return new SimReach(
        hardest(profile, SimReach::effective, Mapping.NONE),
        hardest(profile, NatBehaviour::filtering, Filtering.NONE),
        profile.routers().stream().anyMatch(router -> router.traffic() != Traffic.ALL));
  }

  private static <T extends Comparable<T>> T hardest(
      Profile profile, Function<NatBehaviour, T> trait, T none) {
    T hardest = none;
    for (NatBehaviour router : profile.routers()) {
      T its = trait.apply(router);
      hardest = its.compareTo(hardest) > 0 ? its : hardest;
    }
    return hardest;
  }

  /** A host alone behind a NAT that overloads ports keeps its own port toward everybody. */
  private static Mapping effective(NatBehaviour router) {
    return router.translates() && router.ports().kind() == PortAllocation.Kind.OVERLOADING
        ? Mapping.ENDPOINT_INDEPENDENT
        : router.mapping();
  }

  /**
   * Whether the other's check to the address that a server saw here gets in, and the check that it
   * triggers gets back, from another port if the mapping depends on whom it is for. Two that take
   * another port for each port of the other answer from yet another one for ever.
   */
  private boolean admits(SimReach other) {
    boolean steady = isSteady();
    boolean open = filtering.compareTo(Filtering.ENDPOINT_INDEPENDENT) <= 0;
    boolean expected = filtering == Filtering.ADDRESS_DEPENDENT || other.isSteady();
    boolean getsIn = open || (steady && expected);
    boolean comeToRest =
        mapping != Mapping.ADDRESS_AND_PORT_DEPENDENT
            || other.mapping != Mapping.ADDRESS_AND_PORT_DEPENDENT;
    boolean getsBack = comeToRest && other.filtering != Filtering.ADDRESS_AND_PORT_DEPENDENT;
    return getsIn && (steady || getsBack);
  }

  private boolean isSteady() {
    return mapping.compareTo(Mapping.ENDPOINT_INDEPENDENT) <= 0;
  }
}
