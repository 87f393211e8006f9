package dev.culvert.lab.spec;

import java.time.Duration;
import java.util.Locale;

/**
 * What a link does to packets; each direction by itself, so that a delay of 50 ms makes a round
 * trip of 100 ms.
 *
 * @param delay how long every packet takes, 0 to 60 s
 * @param jitter how much longer or shorter at most, at random, 0 to {@code delay}; reorders packets
 * @param loss share of packets that get lost, 0 to 1
 * @param duplication share of packets that arrive twice, 0 to 1
 * @param reordering share of packets that skip the delay and so overtake others, 0 to 1; needs a
 *     delay
 * @param bitsPerSecond how much passes; 0 means any amount
 * @param mtu largest IP packet, 68 to 65535 bytes; 0 means 1500; below 1280 there is no IPv6
 */
public record LinkSpec(
    Duration delay,
    Duration jitter,
    double loss,
    double duplication,
    double reordering,
    long bitsPerSecond,
    int mtu) {

  private static final Duration MOST = Duration.ofMinutes(1);

  /** A link that does nothing to packets. */
  public static final LinkSpec PERFECT = new LinkSpec(Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 0);

  /** Refuses values out of range. */
  public LinkSpec {
    if (delay.isNegative() || delay.compareTo(MOST) > 0) {
      throw new IllegalArgumentException("a delay lies between 0 and 60s");
    }
    if (jitter.isNegative() || jitter.compareTo(delay) > 0) {
      throw new IllegalArgumentException("jitter lies between 0 and the delay");
    }
    if (!(loss >= 0 && loss <= 1)) {
      throw new IllegalArgumentException("loss lies between 0% and 100%");
    }
    if (!(duplication >= 0 && duplication <= 1)) {
      throw new IllegalArgumentException("duplication lies between 0% and 100%");
    }
    if (!(reordering >= 0 && reordering <= 1)) {
      throw new IllegalArgumentException("reordering lies between 0% and 100%");
    }
    if (reordering > 0 && delay.isZero()) {
      throw new IllegalArgumentException("reordering needs a delay that packets can skip");
    }
    if (bitsPerSecond < 0) {
      throw new IllegalArgumentException("a rate is positive");
    }
    if (mtu != 0 && (mtu < 68 || mtu > 65535)) {
      throw new IllegalArgumentException("an MTU lies between 68 and 65535");
    }
  }

  /** Whether packets are delayed, lost, doubled or throttled; a small MTU alone does not count. */
  public boolean impaired() {
    return !delay.isZero() || loss > 0 || duplication > 0 || bitsPerSecond > 0;
  }

  /**
   * Reads {@code delay:50ms,jitter:5ms,loss:20%,duplicate:1%,reorder:2%,rate:10mbit,mtu:1280}, any
   * part of it, any order.
   *
   * @throws IllegalArgumentException with one line for people
   */
  public static LinkSpec parse(String text) {
    Duration delay = Duration.ZERO;
    Duration jitter = Duration.ZERO;
    double loss = 0;
    double duplication = 0;
    double reordering = 0;
    long rate = 0;
    int mtu = 0;
    for (String part : text.split(",", -1)) {
      int colon = part.indexOf(':');
      String key = colon < 0 ? part : part.substring(0, colon);
      String value = part.substring(colon + 1);
      switch (key) {
        case "delay" -> delay = duration(value);
        case "jitter" -> jitter = duration(value);
        case "loss" -> loss = percent(value);
        case "duplicate" -> duplication = percent(value);
        case "reorder" -> reordering = percent(value);
        case "rate" -> rate = rate(value);
        case "mtu" -> mtu = (int) number(value, "[0-9]{1,5}", "an MTU like 1280");
        default ->
            throw new IllegalArgumentException(
                "'"
                    + part
                    + "' is none of delay:50ms, jitter:5ms, loss:20%, duplicate:1%, reorder:2%,"
                    + " rate:10mbit, mtu:1280");
      }
    }
    return new LinkSpec(delay, jitter, loss, duplication, reordering, rate, mtu);
  }

  private static Duration duration(String text) {
    double value =
        number(
            text.replaceFirst("(us|ms|s)$", ""), "[0-9]{1,9}(\\.[0-9]{1,9})?", "a time like 50ms");
    double nanos =
        text.endsWith("us") ? 1e3 : text.endsWith("ms") ? 1e6 : text.endsWith("s") ? 1e9 : 0;
    if (nanos == 0) {
      throw new IllegalArgumentException("'" + text + "' is not a time like 50ms");
    }
    return Duration.ofNanos((long) (value * nanos));
  }

  private static double percent(String text) {
    if (!text.endsWith("%")) {
      throw new IllegalArgumentException("'" + text + "' is not a share like 20%");
    }
    return number(
            text.substring(0, text.length() - 1), "[0-9]{1,3}(\\.[0-9]{1,6})?", "a share like 20%")
        / 100;
  }

  private static long rate(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    double factor = lower.endsWith("gbit") ? 1e9 : lower.endsWith("mbit") ? 1e6 : 1e3;
    String digits = lower.replaceFirst("[gmk]bit$", "");
    return (long)
        (number(
                digits.equals(lower) ? "" : digits,
                "[0-9]{1,6}(\\.[0-9]{1,3})?",
                "a rate like 10mbit")
            * factor);
  }

  private static double number(String text, String pattern, String wanted) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("'" + text + "' is not " + wanted);
    }
    return Double.parseDouble(text);
  }

  @Override
  public String toString() {
    if (equals(PERFECT)) {
      return "perfect";
    }
    StringBuilder text = new StringBuilder();
    append(text, !delay.isZero(), "delay:" + delay.toNanos() / 1000 + "us");
    append(text, !jitter.isZero(), "jitter:" + jitter.toNanos() / 1000 + "us");
    append(text, loss > 0, share("loss", loss));
    append(text, duplication > 0, share("duplicate", duplication));
    append(text, reordering > 0, share("reorder", reordering));
    append(text, bitsPerSecond > 0, "rate:" + bitsPerSecond / 1000.0 + "kbit");
    append(text, mtu > 0, "mtu:" + mtu);
    return text.toString();
  }

  private static String share(String what, double share) {
    return String.format(Locale.ROOT, "%s:%s%%", what, share * 100);
  }

  private static void append(StringBuilder text, boolean wanted, String part) {
    if (wanted) {
      text.append(text.length() == 0 ? "" : ",").append(part);
    }
  }
}
