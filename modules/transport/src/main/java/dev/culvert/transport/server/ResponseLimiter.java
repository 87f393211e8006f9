package dev.culvert.transport.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;

/**
 * Decides whether a response to a source prefix fits a {@link RateLimit}. It is told the time.
 *
 * <p>Its memory is fixed: two rows of numbers, one number of each row for a prefix, chosen by a
 * keyed hash. A number is the moment at which the bucket would be full again (the generic cell rate
 * algorithm); of a prefix's two numbers the lesser one counts. Prefixes that share a number can
 * only delay each other, never let more through; to hurt another prefix a flood has to meet it in
 * both rows. Safe for every thread; {@link #admit} allocates nothing and takes no lock, and threads
 * that decide about one prefix in the same instant may count their responses as one.
 */
public final class ResponseLimiter {
  /** Numbers in a row, as a power of two; two rows of longs make 2 MiB. */
  static final int ROW_BITS = 17;

  /** A response that needs more than these bytes on the wire counts as several. */
  static final int BYTES_PER_TOKEN = 512;

  private final RateLimit limit;
  private final long interval;
  private final long tolerance;
  private final long origin;
  private final AtomicLongArray first;
  private final AtomicLongArray second;
  private final long firstFactor;
  private final long secondFactor;

  /**
   * A limiter in which every bucket is full.
   *
   * @param limit what is let through
   * @param random chooses the hash, so that nobody can know which prefixes share a number
   * @param now nanoseconds of the clock that {@link #admit} will be told
   */
  public ResponseLimiter(RateLimit limit, RandomGenerator random, long now) {
    this.limit = limit;
    interval = limit.isUnlimited() ? 0 : Math.max(1, 1_000_000_000L / limit.perSecond());
    tolerance = interval * limit.burst();
    origin = now;
    int slots = limit.isUnlimited() ? 0 : 1 << ROW_BITS;
    first = new AtomicLongArray(slots);
    second = new AtomicLongArray(slots);
    firstFactor = random.nextLong() | 1;
    secondFactor = random.nextLong() | 1;
  }

  /**
   * Whether a response may be sent; if so, it is counted.
   *
   * @param source the address that asked; loopback is never limited
   * @param wireLength bytes of the response on the wire
   * @param now nanoseconds of a monotonic clock; going back does no harm
   */
  public boolean admit(InetAddress source, int wireLength, long now) {
    return interval == 0
        || RateLimit.isLoopback(source)
        || admit(limit.prefixOf(source), wireLength, now);
  }

  /**
   * The same for a source whose sixteen bytes are at hand, which spares the JDK's copy.
   *
   * @param source an IPv6 address
   * @param bytes its bytes in network order
   */
  public boolean admit(Inet6Address source, byte[] bytes, int wireLength, long now) {
    return interval == 0
        || source.isLoopbackAddress()
        || admit(limit.prefixOfIpv6(bytes), wireLength, now);
  }

  private boolean admit(long prefix, int wireLength, long now) {
    int one = (int) ((prefix * firstFactor) >>> (64 - ROW_BITS));
    int two = (int) ((prefix * secondFactor) >>> (64 - ROW_BITS));
    long cost = interval * ((wireLength + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN);
    long elapsed = now - origin;
    long full = Math.max(elapsed, Math.min(first.get(one), second.get(two))) + cost;
    if (full - elapsed > tolerance) {
      return false;
    }
    raise(first, one, full);
    raise(second, two, full);
    return true;
  }

  private static void raise(AtomicLongArray row, int index, long value) {
    long old = row.get(index);
    while (old < value && !row.compareAndSet(index, old, value)) {
      old = row.get(index);
    }
  }

  /** Bytes that the two rows take, whatever comes. */
  long memoryBytes() {
    return 8L * (first.length() + second.length());
  }
}
