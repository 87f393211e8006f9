package dev.culvert.cli.ice;

import java.util.Optional;

/**
 * How a server or relay did.
 *
 * @param server its name
 * @param use {@code stun} or {@code relay}
 * @param tookMillis until its first answer; empty if there was none
 * @param reason why it was of no use; empty if it was
 */
record ServerStory(String server, String use, Optional<Double> tookMillis, String reason) {
  /** So much more than the quickest one is slow. */
  private static final double SLOW_MILLIS = 500;

  ServerStory answered(Optional<Double> took) {
    return new ServerStory(server, use, tookMillis.or(() -> took).or(() -> Optional.of(0.0)), "");
  }

  ServerStory silent(String why) {
    return tookMillis.isPresent() ? this : new ServerStory(server, use, tookMillis, why);
  }

  boolean isRelay() {
    return use.equals("relay");
  }

  boolean isSlow(double quickest) {
    return tookMillis.filter(took -> took - quickest > SLOW_MILLIS).isPresent();
  }
}
