package dev.culvert.punch;

import java.time.Duration;

/**
 * How much a side does to open a path.
 *
 * @param sockets how many sockets are open at once at most, 1 to 1024
 * @param openings how many are opened in all at most, at least {@code sockets}: where none of the
 *     first is found, the oldest are closed for new ones
 * @param probes how many ports of the peer are tried at most, 1 to 65535
 * @param perSecond how many ports are tried in a second, 1 to 1000
 * @param patience how long a search lasts at most; a plan without a search ends after 10 s at the
 *     latest
 * @param openerTtl the hop limit of a packet ahead of the first one that opens the NAT on this side
 *     and does not reach the other, 1 to 255; 0 for none
 */
public record PunchConfig(
    int sockets, int openings, int probes, int perSecond, Duration patience, int openerTtl) {
  private static final PunchConfig STANDARD =
      new PunchConfig(256, 1024, 1750, 50, Duration.ofSeconds(40), 4);

  /** Refuses what would be nothing, or a flood. */
  public PunchConfig {
    require("sockets", sockets, 1, 1024);
    require("openings", openings, sockets, 65_536);
    require("probes", probes, 1, 0xffff);
    require("probes a second", perSecond, 1, 1000);
    require("the hop limit of openers", openerTtl, 0, 255);
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience is more than " + patience);
    }
  }

  /** 256 sockets at once and 1,024 in all, 1,750 probes, 50 a second, 40 s, openers with 4 hops. */
  public static PunchConfig standard() {
    return STANDARD;
  }

  /** The same with so many sockets, never more than that in all. */
  public PunchConfig withSockets(int atOnce, int inAll) {
    return new PunchConfig(atOnce, inAll, probes, perSecond, patience, openerTtl);
  }

  /** The same with so many probes, at this rate. */
  public PunchConfig withProbes(int inAll, int eachSecond) {
    return new PunchConfig(sockets, openings, inAll, eachSecond, patience, openerTtl);
  }

  /** The same with another patience. */
  public PunchConfig withPatience(Duration longest) {
    return new PunchConfig(sockets, openings, probes, perSecond, longest, openerTtl);
  }

  /** The same without openers, or with openers of another hop limit. */
  public PunchConfig withOpenerTtl(int ttl) {
    return new PunchConfig(sockets, openings, probes, perSecond, patience, ttl);
  }

  private static void require(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(what + ": " + least + " to " + most + ", not " + value);
    }
  }
}
