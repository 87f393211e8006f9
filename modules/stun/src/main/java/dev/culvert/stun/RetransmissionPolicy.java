package dev.culvert.stun;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * When a request is sent again and when it is given up.
 *
 * @param waits the time after each sending before the next, and after the last before giving up; as
 *     many sendings as there are waits, at least one, each wait positive
 */
public record RetransmissionPolicy(List<Duration> waits) {
  /** Over UDP and DTLS: RTO 500 ms, Rc 7, Rm 16; given up after 39.5 s (RFC 8489 §6.2.1). */
  public static final RetransmissionPolicy DATAGRAM = exponential(Duration.ofMillis(500), 7, 16);

  /** Over TCP and TLS: sent once; given up after Ti, 39.5 s (RFC 8489 §6.2.2). */
  public static final RetransmissionPolicy STREAM = once(Duration.ofMillis(39_500));

  /** Copies the list and refuses an empty one and waits that are not positive. */
  public RetransmissionPolicy {
    waits = List.copyOf(waits);
    if (waits.isEmpty() || waits.stream().anyMatch(wait -> wait.isNegative() || wait.isZero())) {
      throw new IllegalArgumentException("a policy has at least one wait, all positive: " + waits);
    }
  }

  /**
   * The doubling schedule of RFC 8489 §6.2.1.
   *
   * @param rto the first wait
   * @param sends Rc, how often the request is sent, 1 to 30
   * @param lastWait Rm, the wait after the last sending in multiples of {@code rto}
   */
  public static RetransmissionPolicy exponential(Duration rto, int sends, int lastWait) {
    if (sends < 1 || sends > 30) {
      throw new IllegalArgumentException("a request is sent 1 to 30 times, not " + sends);
    }
    List<Duration> waits = new ArrayList<>();
    for (int i = 0; i < sends - 1; i++) {
      waits.add(rto.multipliedBy(1L << i));
    }
    waits.add(rto.multipliedBy(lastWait));
    return new RetransmissionPolicy(waits);
  }

  /** The same wait after each of {@code sends} sendings. */
  public static RetransmissionPolicy constant(Duration wait, int sends) {
    return new RetransmissionPolicy(Collections.nCopies(sends, wait));
  }

  /** One sending. */
  public static RetransmissionPolicy once(Duration wait) {
    return new RetransmissionPolicy(List.of(wait));
  }

  /** How long it takes until the request is given up. */
  public Duration total() {
    return waits.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
