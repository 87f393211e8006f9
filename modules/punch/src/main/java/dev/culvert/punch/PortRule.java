package dev.culvert.punch;

/**
 * How a NAT chooses the external ports of new mappings (RFC 4787 §4.2), as far as it was seen.
 *
 * @param order what follows what
 * @param step for {@link Order#SEQUENTIAL} the distance from one to the next, negative if they
 *     count down; otherwise 0
 * @param crowd for {@link Order#SEQUENTIAL} how many mappings a second other hosts were seen to
 *     take, 0 or more
 * @param low the lowest port it may choose, 1 or more
 * @param high the highest one
 */
public record PortRule(Order order, int step, double crowd, int low, int high) {
  /** The lowest port that NATs give to ordinary hosts. */
  public static final int LOWEST = 1024;

  /** The highest port there is. */
  public static final int HIGHEST = 0xffff;

  /** Orders of allocation. */
  public enum Order {
    /** Nobody has measured it, or no order is seen. */
    UNKNOWN("unknown"),
    /** The external port is the local one. */
    PRESERVING("preserving"),
    /** Each next one lies a step from the last one. */
    SEQUENTIAL("sequential"),
    /** Any. */
    RANDOM("random");

    private final String text;

    Order(String text) {
      this.text = text;
    }

    /** The word that people read. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** Refuses what no NAT does. */
  public PortRule {
    boolean range = low >= 1 && low <= high && high <= HIGHEST;
    boolean steps = (order == Order.SEQUENTIAL) == (step != 0) && Math.abs(step) <= HIGHEST;
    if (!range || !steps || !(crowd >= 0) || Double.isInfinite(crowd)) {
      throw new IllegalArgumentException("no NAT chooses ports like that");
    }
  }

  /** Nothing is known. */
  public static PortRule unknown() {
    return new PortRule(Order.UNKNOWN, 0, 0, LOWEST, HIGHEST);
  }

  /** The local port stays. */
  public static PortRule preserving() {
    return new PortRule(Order.PRESERVING, 0, 0, LOWEST, HIGHEST);
  }

  /**
   * One after the other.
   *
   * @param step the distance, not 0
   * @param crowd how many mappings a second others take
   */
  public static PortRule sequential(int step, double crowd) {
    return new PortRule(Order.SEQUENTIAL, step, crowd, LOWEST, HIGHEST);
  }

  /** Any port above 1023. */
  public static PortRule random() {
    return new PortRule(Order.RANDOM, 0, 0, LOWEST, HIGHEST);
  }

  /** The same within this range. */
  public PortRule within(int newLow, int newHigh) {
    return new PortRule(order, step, crowd, newLow, newHigh);
  }

  /** The port {@code count} steps after {@code port}, going round at the ends of the range. */
  int after(int port, long count) {
    int size = high - low + 1;
    return low + (int) Math.floorMod(port - low + (long) step * count, (long) size);
  }

  /** How many ports there are to choose from. */
  int size() {
    return high - low + 1;
  }

  /** The order, with its step and the others if there are any. */
  @Override
  public String toString() {
    String text = order.toString();
    if (order == Order.SEQUENTIAL) {
      text += " (step " + step + (crowd > 0 ? ", others take " + Math.round(crowd) + "/s)" : ")");
    }
    return text;
  }
}
