package dev.culvert.peer;

import java.time.Duration;
import java.util.Optional;

/** What happens to a {@link PeerConnection}. */
public sealed interface PeerEvent {
  /**
   * Data goes another way from now on.
   *
   * @param before how it went; empty for the first, and after there was none
   * @param now how it goes
   */
  record PathChanged(Optional<PeerPath> before, PeerPath now) implements PeerEvent {
    /** Whether this is the step from a relay to a direct way. */
    public boolean isUpgrade() {
      return now.isDirect() && before.filter(PeerPath::relayed).isPresent();
    }
  }

  /** There is no way at present, and another one is looked for. */
  record PathLost() implements PeerEvent {}

  /**
   * Why it stays relayed for now, or why a plan of hole punching came to nothing.
   *
   * @param reason one line for people
   */
  record StaysRelayed(String reason) implements PeerEvent {}

  /**
   * How the path does; every second while it is in use.
   *
   * @param roundTrip smoothed
   * @param loss the share of packets that were lost since the last time, from 0 to 1
   */
  record Quality(Duration roundTrip, double loss) implements PeerEvent {}

  /** It is over. Nothing follows. */
  record Ended(PeerEnd end) implements PeerEvent {}
}
