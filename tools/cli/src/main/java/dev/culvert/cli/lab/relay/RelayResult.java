package dev.culvert.cli.lab.relay;

import java.time.Duration;
import java.util.Optional;

/**
 * What one side found out.
 *
 * @param sent datagrams that it sent to the other to be sent back, once the two had met
 * @param lost how many of those did not come back, unchanged, from where they went
 * @param heard datagrams that came from the other side, answers included
 * @param roundTrip the median; empty if nothing came back
 * @param elapsed from learning of the other side to the end
 * @param reason why the other side was not reached, one line; empty if it was
 */
public record RelayResult(
    int sent, int lost, int heard, Optional<Duration> roundTrip, Duration elapsed, String reason) {

  /** Whether the other side was reached. */
  public boolean isRelayed() {
    return reason.isEmpty();
  }
}
