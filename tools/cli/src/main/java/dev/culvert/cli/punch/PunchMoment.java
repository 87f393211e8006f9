package dev.culvert.cli.punch;

import dev.culvert.session.meet.BareEvent;

/** What a {@link PunchTalk} tells. */
sealed interface PunchMoment {

  /** Something about the way to a path. */
  record Told(BareEvent event) implements PunchMoment {}

  /** All is over. */
  record Ended(PunchResult result) implements PunchMoment {}
}
