package dev.culvert.turn.server;

/**
 * The ports that a relay hands out.
 *
 * @param first the lowest, at least 1024
 * @param last the highest, at most 65535
 */
public record PortRange(int first, int last) {
  /** The dynamic ports, which RFC 8656 §7.2 recommends. */
  public static final PortRange DYNAMIC = new PortRange(49152, 65535);

  /** Refuses what is no range. */
  public PortRange {
    if (first < 1024 || last > 0xffff || first > last) {
      throw new IllegalArgumentException(
          "relay ports lie between 1024 and 65535, the lower first, not " + first + "-" + last);
    }
  }

  /** How many ports there are. */
  public int size() {
    return last - first + 1;
  }
}
