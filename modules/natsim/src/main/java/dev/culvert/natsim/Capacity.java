package dev.culvert.natsim;

/**
 * How much a {@link Link} carries, each direction by itself.
 *
 * @param bitsPerSecond how fast packets follow each other; 0 for any number at once
 * @param queue how many packets wait for their turn before more are dropped, 1 or more; TCP is
 *     never dropped
 * @param mtu the largest IP packet in bytes, 68 to 65535
 */
public record Capacity(long bitsPerSecond, int queue, int mtu) {

  /** As fast as one likes, in packets of 1500 bytes. */
  public static final Capacity ETHERNET = new Capacity(0, 1000, 1500);

  /** Refuses what no link can do. */
  public Capacity {
    if (bitsPerSecond < 0 || queue < 1 || mtu < 68 || mtu > 0xffff) {
      throw new IllegalArgumentException("a link cannot have that capacity");
    }
  }

  /** The same, this fast. */
  public Capacity withRate(long newBitsPerSecond) {
    return new Capacity(newBitsPerSecond, queue, mtu);
  }

  /** The same with so many places. */
  public Capacity withQueue(int newQueue) {
    return new Capacity(bitsPerSecond, newQueue, mtu);
  }

  /** The same with packets of this size. */
  public Capacity withMtu(int newMtu) {
    return new Capacity(bitsPerSecond, queue, newMtu);
  }

  /** How long {@code bytes} take to leave, in nanoseconds. */
  long nanos(int bytes) {
    return bitsPerSecond == 0 ? 0 : bytes * 8_000_000_000L / bitsPerSecond;
  }
}
