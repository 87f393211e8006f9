package dev.culvert.cli.lab.reach;

import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What one side found out.
 *
 * @param remote where the other side answered from; empty if it never did
 * @param elapsed from learning of the other side to its first answer, or to giving up
 * @param reason why it was not reached, one line; empty if it was
 */
public record ReachResult(Optional<TransportAddress> remote, Duration elapsed, String reason) {

  /** Whether the other side was reached. */
  public boolean isDirect() {
    return remote.isPresent();
  }
}
