package dev.culvert.cli.turn;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of the datagrams that were sent through a relay and back.
 *
 * @param sent how many
 * @param back how many of them came back as they were sent, each counted once
 * @param reordered how many of those came after one that was sent later
 * @param duplicates how many came back once more
 * @param altered how many came back changed
 * @param fastest the shortest time there and back; empty if none came back
 * @param median the time that half of them needed at most
 * @param slowest the longest
 */
public record EchoFigures(
    int sent,
    int back,
    int reordered,
    int duplicates,
    int altered,
    Optional<Duration> fastest,
    Optional<Duration> median,
    Optional<Duration> slowest) {

  /** In percent; 100 if nothing was sent. */
  public double lossPercent() {
    return sent == 0 ? 100 : 100.0 * (sent - back) / sent;
  }
}
