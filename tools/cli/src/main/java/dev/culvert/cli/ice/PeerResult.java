package dev.culvert.cli.ice;

import dev.culvert.cli.turn.EchoFigures;
import dev.culvert.ice.IcePath;
import dev.culvert.ice.PairFate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of an attempt to meet.
 *
 * @param path the last one; empty if there was none
 * @param connectedAfter from the moment that both sides were known to the first path
 * @param changes how often the path changed after that
 * @param echo what came of the datagrams over it
 * @param failure why it failed, one line for people; empty if it did not
 * @param fates what became of every pair, best first
 */
public record PeerResult(
    Optional<IcePath> path,
    Optional<Duration> connectedAfter,
    int changes,
    EchoFigures echo,
    String failure,
    List<PairFate> fates) {

  /** Copies the list. */
  public PeerResult {
    fates = List.copyOf(fates);
  }

  /** Whether there was a path, and a datagram came back over it. */
  public boolean isConnected() {
    return path.isPresent() && echo.back() > 0;
  }

  /** Whether a relay stands in the way. */
  public boolean isRelayed() {
    return path.filter(IcePath::isRelayed).isPresent();
  }
}
