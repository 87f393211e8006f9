package dev.culvert.cli.punch;

import dev.culvert.cli.turn.EchoFigures;
import dev.culvert.session.meet.BareEvent;
import java.util.Optional;

/**
 * What came of it.
 *
 * @param opened the path, if there is one
 * @param failed why there is none
 * @param echo what came back over it
 */
record PunchResult(
    Optional<BareEvent.Opened> opened, Optional<BareEvent.Failed> failed, EchoFigures echo) {

  /** Whether there is a path, and something came back over it. */
  boolean isGood() {
    return opened.isPresent() && echo.back() > 0;
  }
}
