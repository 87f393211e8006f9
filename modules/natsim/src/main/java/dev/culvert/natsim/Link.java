package dev.culvert.natsim;

import java.time.Duration;

/**
 * How a host or a router hangs on its network. Applies to each direction on its own; TCP is spared
 * loss, jitter, duplication and reordering, since its own retransmissions would hide them.
 *
 * @param delay the time every packet takes
 * @param jitter the most that is added to it at random, which reorders packets
 * @param loss the share of packets that vanish, 0 to 1; each fragment of a packet by itself
 * @param duplication the share of packets that arrive twice, 0 to 1
 * @param reordering the share of packets that skip delay and jitter and so overtake others, 0 to 1
 * @param capacity how much passes
 */
public record Link(
    Duration delay,
    Duration jitter,
    double loss,
    double duplication,
    double reordering,
    Capacity capacity) {

  /** Refuses what no link can do. */
  public Link {
    boolean shares = isShare(loss) && isShare(duplication) && isShare(reordering);
    if (delay.isNegative() || jitter.isNegative() || !shares) {
      throw new IllegalArgumentException("a link cannot be like that");
    }
  }

  /** A link with nothing but delay. */
  public static Link of(Duration delay) {
    return new Link(delay, Duration.ZERO, 0, 0, 0, Capacity.ETHERNET);
  }

  /** The same, losing this share of packets each way. */
  public Link losing(double newLoss) {
    return new Link(delay, jitter, newLoss, duplication, reordering, capacity);
  }

  /** The same, adding up to this much delay at random. */
  public Link jittering(Duration newJitter) {
    return new Link(delay, newJitter, loss, duplication, reordering, capacity);
  }

  /** The same, doubling this share of packets. */
  public Link duplicating(double newDuplication) {
    return new Link(delay, jitter, loss, newDuplication, reordering, capacity);
  }

  /** The same, letting this share of packets overtake others. */
  public Link reordering(double newReordering) {
    return new Link(delay, jitter, loss, duplication, newReordering, capacity);
  }

  /** The same with room for more or less. */
  public Link carrying(Capacity newCapacity) {
    return new Link(delay, jitter, loss, duplication, reordering, newCapacity);
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }
}
