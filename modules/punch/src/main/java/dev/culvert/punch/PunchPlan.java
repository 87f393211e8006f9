package dev.culvert.punch;

import dev.culvert.sansio.TransportAddress;
import java.util.Arrays;
import java.util.Locale;

/**
 * How two peers open a path between them, as one of them sees it. Both get plans that fit each
 * other from the same two {@link NatTraits}.
 *
 * @param kind what is done
 * @param own this side
 * @param peer the other side
 * @param searches whether this side looks for the other's port
 * @param stands whether this side opens its ports for the other to find
 * @param reason why this plan, or why none: one line for people
 */
public record PunchPlan(
    Kind kind, NatTraits own, NatTraits peer, boolean searches, boolean stands, String reason) {

  /** What is done. */
  public enum Kind {
    /** Nothing: no number of packets that would be fair opens a path. */
    NONE,
    /** One side is reached by everybody; the other sends first (RFC 5128 §3.2). */
    REVERSAL,
    /** Both send to the address that is known of the other, at once (RFC 5128 §3.3). */
    SIMULTANEOUS_OPEN,
    /** One side's next ports are told from its last (RFC 5128 §3.5). */
    PREDICTION,
    /** Both sides' next ports are. */
    DOUBLE_PREDICTION,
    /** One side opens many random ports, the other tries random ports until one is met. */
    BIRTHDAY;

    /** The word that reports show, such as {@code simultaneous-open}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The plan for these two.
   *
   * @param own this side
   * @param peer the other side, as it told of itself; it may lie
   */
  public static PunchPlan choose(NatTraits own, NatTraits peer) {
    if (own.reflexive().isIpv4() != peer.reflexive().isIpv4()) {
      return none(own, peer, "one side has IPv4 and the other has IPv6");
    }
    int there = cost(own, peer);
    int here = cost(peer, own);
    int least = Math.min(there, here);
    return switch (least) {
      case KNOWN -> open(own, peer, there == KNOWN, here == KNOWN);
      case PREDICTABLE -> {
        boolean searches = there < here || (there == here && comesFirst(own, peer));
        yield new PunchPlan(
            Kind.PREDICTION,
            own,
            peer,
            searches,
            !searches,
            (searches ? "the peer's" : "this side's") + " next port follows from its last");
      }
      case ANY -> {
        boolean searches = there < here || (there == here && comesFirst(own, peer));
        yield new PunchPlan(
            Kind.BIRTHDAY,
            own,
            peer,
            searches,
            !searches,
            (searches ? "the peer draws" : "this side draws") + " random ports");
      }
      default ->
          own.isPredictable() && peer.isPredictable()
              ? new PunchPlan(
                  Kind.DOUBLE_PREDICTION,
                  own,
                  peer,
                  true,
                  true,
                  "both sides' next ports follow from their last")
              : none(own, peer, hopeless(own, peer));
    };
  }

  private static final int KNOWN = 0;
  private static final int PREDICTABLE = 1;
  private static final int ANY = 2;
  private static final int NEVER = 3;

  /** How hard it is for {@code from} to find a port where {@code to} hears and answers it. */
  private static int cost(NatTraits from, NatTraits to) {
    boolean getsIn = to.letsInByAddress() || from.isSteady();
    boolean getsBack = to.answersFromThere() || from.isSteady();
    if (!getsIn || !getsBack) {
      return NEVER;
    }
    if (to.isSteady()) {
      return KNOWN;
    }
    return to.isPredictable() ? PREDICTABLE : ANY;
  }

  private static PunchPlan open(NatTraits own, NatTraits peer, boolean searches, boolean stands) {
    boolean reached = own.filtering() == Dependence.ENDPOINT_INDEPENDENT && own.isSteady();
    boolean reaches = peer.filtering() == Dependence.ENDPOINT_INDEPENDENT && peer.isSteady();
    if (reached != reaches) {
      return new PunchPlan(
          Kind.REVERSAL,
          own,
          peer,
          searches,
          stands,
          "everybody reaches " + (reached ? "this side" : "the peer"));
    }
    return new PunchPlan(
        Kind.SIMULTANEOUS_OPEN, own, peer, searches, stands, "the addresses are known beforehand");
  }

  private static PunchPlan none(NatTraits own, NatTraits peer, String reason) {
    return new PunchPlan(Kind.NONE, own, peer, false, false, reason);
  }

  private static String hopeless(NatTraits own, NatTraits peer) {
    if (own.isPredictable() || peer.isPredictable()) {
      return "one side draws random ports, and the other takes a new port for each that it tries";
    }
    return own.isSteady() || peer.isSteady()
        ? "one side draws random ports, and answers from others than it is asked at"
        : "both sides draw random ports";
  }

  /** The same question of either side has opposite answers, unless their addresses are equal. */
  private static boolean comesFirst(NatTraits own, NatTraits peer) {
    TransportAddress one = own.reflexive();
    TransportAddress other = peer.reflexive();
    int order = Arrays.compareUnsigned(one.ip().getAddress(), other.ip().getAddress());
    return order == 0 ? one.port() <= other.port() : order < 0;
  }

  /** Whether there is something to do. */
  public boolean isAttempted() {
    return kind != Kind.NONE;
  }

  /** What is done and why, one line. */
  @Override
  public String toString() {
    return kind + ": " + reason;
  }
}
