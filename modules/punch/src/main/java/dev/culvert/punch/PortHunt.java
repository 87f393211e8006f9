package dev.culvert.punch;

import java.time.Duration;

/** Which ports of the peer to try, one after the other. */
interface PortHunt {

  /**
   * The next port to try.
   *
   * @param since the time from the start of the punching
   */
  int next(Duration since);
}
