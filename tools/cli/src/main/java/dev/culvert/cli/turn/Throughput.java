package dev.culvert.cli.turn;

import java.time.Duration;

/**
 * What a relay carried there and back when as much was sent as came back.
 *
 * @param elapsed for how long
 * @param datagrams how many came back
 * @param bytes how many of theirs, each counted once although it went both ways
 */
record Throughput(Duration elapsed, long datagrams, long bytes) {

  /** In each direction. */
  long bitsPerSecond() {
    return Math.round(bytes * 8e9 / Math.max(1, elapsed.toNanos()));
  }
}
