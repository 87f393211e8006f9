package dev.culvert.lab.spec;

/**
 * What a NAT has outside for its inside hosts, and who else uses it.
 *
 * @param addresses how many outside IPv4 addresses, 1 to 16
 * @param pooling which of them a mapping gets (RFC 4787 REQ-2)
 * @param neighboursPerSecond how many mappings a second other hosts behind it take, 0 to 10000;
 *     they live as long as any
 */
public record OutsidePool(int addresses, Pooling pooling, int neighboursPerSecond) {

  /** One address that nobody else uses. */
  public static final OutsidePool ONE = new OutsidePool(1, Pooling.PAIRED, 0);

  /** Refuses values out of range. */
  public OutsidePool {
    if (addresses < 1 || addresses > 16) {
      throw new IllegalArgumentException("a NAT has 1 to 16 outside addresses");
    }
    if (neighboursPerSecond < 0 || neighboursPerSecond > 10_000) {
      throw new IllegalArgumentException("neighbours take 0 to 10000 mappings a second");
    }
  }

  /** The same with so many addresses. */
  public OutsidePool withAddresses(int value) {
    return new OutsidePool(value, pooling, neighboursPerSecond);
  }

  /** The same with another pooling. */
  public OutsidePool withPooling(Pooling value) {
    return new OutsidePool(addresses, value, neighboursPerSecond);
  }

  /** The same with busier or quieter neighbours. */
  public OutsidePool withNeighbours(int perSecond) {
    return new OutsidePool(addresses, pooling, perSecond);
  }

  /** For people, with a leading comma; empty for {@link #ONE}. */
  String words() {
    return (addresses == 1 ? "" : ", " + addresses + " addresses, " + pooling.code() + " pooling")
        + (neighboursPerSecond == 0 ? "" : ", neighbours " + neighboursPerSecond + "/s");
  }
}
