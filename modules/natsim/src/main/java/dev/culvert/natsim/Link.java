package dev.culvert.natsim;

import java.time.Duration;

/**
 * How a host or a router hangs on its network. Applies to each direction on its own; TCP is spared
 * loss, jitter and duplication, since its own retransmissions would hide them.
 *
 * @param delay the time every packet takes
 * @param jitter the most that is added to it at random, which reorders packets
 * @param loss the share of packets that vanish, 0 to 1
 * @param duplication the share of packets that arrive twice, 0 to 1
 */
public record Link(Duration delay, Duration jitter, double loss, double duplication) {

  /** Refuses what no link can do. */
  public Link {
    if (delay.isNegative() || jitter.isNegative() || !isShare(loss) || !isShare(duplication)) {
      throw new IllegalArgumentException("a link cannot be like that");
    }
  }

  /** A link with nothing but delay. */
  public static Link of(Duration delay) {
    return new Link(delay, Duration.ZERO, 0, 0);
  }

  /** The same, losing this share of packets each way. */
  public Link losing(double newLoss) {
    return new Link(delay, jitter, newLoss, duplication);
  }

  /** The same, adding up to this much delay at random. */
  public Link jittering(Duration newJitter) {
    return new Link(delay, newJitter, loss, duplication);
  }

  /** The same, doubling this share of packets. */
  public Link duplicating(double newDuplication) {
    return new Link(delay, jitter, loss, newDuplication);
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }
}
