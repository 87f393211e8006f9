package dev.culvert.lab.spec;

/**
 * How a NAT chooses the outside port of a new UDP mapping (RFC 4787 §4.2).
 *
 * @param kind the rule
 * @param first the lowest port it hands out, 1 to 65535
 * @param last the highest port it hands out, {@code first} to 65535
 * @param step the distance between two ports of {@link Kind#SEQUENTIAL}, 1 or more; 1 otherwise
 * @param keepsParity whether even stays even and odd stays odd (RFC 4787 §4.2.2, REQ-4)
 * @param block how many ports in a row an inside host is given at a time, as carriers do (RFC 6888
 *     REQ-4); 0 for no blocks
 */
public record PortAllocation(
    Kind kind, int first, int last, int step, boolean keepsParity, int block) {

  /** The rules. */
  public enum Kind {
    /** The inside port if it is free and within the range, otherwise a random one. */
    PRESERVING("preserving"),
    /** The inside port, shared between inside hosts as long as their destinations differ. */
    OVERLOADING("overloading"),
    /** The port of the last mapping plus the step, starting over after the last. */
    SEQUENTIAL("sequential"),
    /** Any free port of the range. */
    RANDOM("random");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /** The short form that a behaviour is written in. */
    public String code() {
      return code;
    }
  }

  private static final int LOWEST = 1024;
  private static final int HIGHEST = 65535;
  private static final int SEQUENTIAL_FIRST = 40000;
  private static final int SEQUENTIAL_LAST = 41999;
  private static final int MOST_SEQUENTIAL = 8192;

  /** Refuses ranges that are empty, out of bounds or, for sequential ports, too long to load. */
  public PortAllocation {
    if (first < 1 || last > HIGHEST || first > last) {
      throw new IllegalArgumentException(
          "port range " + first + "-" + last + " is not within 1-65535");
    }
    if (step < 1 || (kind != Kind.SEQUENTIAL && step != 1)) {
      throw new IllegalArgumentException(
          "step " + step + " does not suit " + kind.code() + " ports");
    }
    if (block < 0 || block > last - first + 1) {
      throw new IllegalArgumentException(
          "a block of " + block + " ports does not fit into " + first + "-" + last);
    }
    if (keepsParity && kind == Kind.SEQUENTIAL && step % 2 == 0) {
      throw new IllegalArgumentException("parity cannot be kept with a step of " + step);
    }
    if (kind == Kind.OVERLOADING && (keepsParity || block > 0)) {
      throw new IllegalArgumentException("overloaded ports have neither parity nor blocks");
    }
    if (kind == Kind.SEQUENTIAL && (last - first) / step + 1 > MOST_SEQUENTIAL) {
      throw new IllegalArgumentException(
          "at most " + MOST_SEQUENTIAL + " sequential ports; narrow the range or widen the step");
    }
  }

  /** Ports kept where possible, from 1024 up. */
  public static PortAllocation preserving() {
    return new PortAllocation(Kind.PRESERVING, LOWEST, HIGHEST, 1, false, 0);
  }

  /** What the Linux kernel does when it is told nothing. */
  public static PortAllocation overloading() {
    return new PortAllocation(Kind.OVERLOADING, LOWEST, HIGHEST, 1, false, 0);
  }

  /** Random ports from 1024 up. */
  public static PortAllocation random() {
    return new PortAllocation(Kind.RANDOM, LOWEST, HIGHEST, 1, false, 0);
  }

  /** Ports from 40000 up, {@code step} apart. */
  public static PortAllocation sequential(int step) {
    return new PortAllocation(Kind.SEQUENTIAL, SEQUENTIAL_FIRST, SEQUENTIAL_LAST, step, false, 0);
  }

  /** The same rule over another range. */
  public PortAllocation within(int newFirst, int newLast) {
    return new PortAllocation(kind, newFirst, newLast, step, keepsParity, block);
  }

  /** The same rule, keeping parity or not. */
  public PortAllocation withParity(boolean value) {
    return new PortAllocation(kind, first, last, step, value, block);
  }

  /** The same rule in blocks of so many ports for each inside host; 0 for none. */
  public PortAllocation inBlocks(int size) {
    return new PortAllocation(kind, first, last, step, keepsParity, size);
  }

  /** Whether the range is the one that this kind has by itself. */
  boolean hasOwnRange() {
    return kind == Kind.SEQUENTIAL
        ? first == SEQUENTIAL_FIRST && last == SEQUENTIAL_LAST
        : first == LOWEST && last == HIGHEST;
  }

  /** For people: {@code sequential, step 2, 40000-41999}. */
  public String words() {
    String stepWords = kind == Kind.SEQUENTIAL ? ", step " + step : "";
    return kind.code()
        + stepWords
        + (hasOwnRange() ? "" : ", " + first + "-" + last)
        + (keepsParity ? ", parity kept" : "")
        + (block == 0 ? "" : ", blocks of " + block);
  }
}
