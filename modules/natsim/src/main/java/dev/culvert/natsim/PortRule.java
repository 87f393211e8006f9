package dev.culvert.natsim;

/**
 * How a NAT chooses external ports (RFC 4787 §4.2).
 *
 * @param order what it tries first
 * @param step for {@link Order#SEQUENTIAL} the distance from one to the next
 * @param low the lowest port it uses
 * @param high the highest port it uses
 * @param block how many ports in a row an internal host is given at a time, for itself alone (RFC
 *     6888 REQ-4); 0 for no blocks
 * @param keepsParity whether even stays even and odd stays odd (RFC 4787 §4.2.2)
 * @param overloads whether one external port serves several mappings at once as long as their
 *     remote sides differ (RFC 4787 §4.2.1, "port overloading")
 */
public record PortRule(
    Order order, int step, int low, int high, int block, boolean keepsParity, boolean overloads) {

  /** What a NAT tries first. */
  public enum Order {
    /** The internal port, if it is free and in the range; otherwise a random one. */
    PRESERVING,
    /** The one after the last. */
    SEQUENTIAL,
    /** Any. */
    RANDOM
  }

  /** Refuses empty ranges and steps that lead nowhere. */
  public PortRule {
    if (low < 1 || high > 0xffff || low > high || (order == Order.SEQUENTIAL && step == 0)) {
      throw new IllegalArgumentException("no port can be chosen like that");
    }
  }

  /** Keeps the internal port if it is free. */
  public static PortRule preserving() {
    return new PortRule(Order.PRESERVING, 0, 1024, 0xffff, 0, false, false);
  }

  /** Goes on by {@code step}, which may be negative, from a random start. */
  public static PortRule sequential(int step) {
    return new PortRule(Order.SEQUENTIAL, step, 1024, 0xffff, 0, false, false);
  }

  /** Chooses at random. */
  public static PortRule random() {
    return new PortRule(Order.RANDOM, 0, 1024, 0xffff, 0, false, false);
  }

  /** The same within this range of ports. */
  public PortRule within(int newLow, int newHigh) {
    return new PortRule(order, step, newLow, newHigh, block, keepsParity, overloads);
  }

  /** The same within blocks of this size, one or more for each internal host. */
  public PortRule inBlocks(int size) {
    return new PortRule(order, step, low, high, size, keepsParity, overloads);
  }

  /** The same, keeping parity. */
  public PortRule keepingParity() {
    return new PortRule(order, step, low, high, block, true, overloads);
  }

  /** The same, with a port shared by mappings toward different remote sides. */
  public PortRule overloading() {
    return new PortRule(order, step, low, high, block, keepsParity, true);
  }
}
