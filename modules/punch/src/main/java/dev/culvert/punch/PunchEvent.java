package dev.culvert.punch;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;

/** What became of an attempt; told once. */
public sealed interface PunchEvent {

  /**
   * A path is open: what was asked was answered, and the other side knows it too. The owner has the
   * socket from now on, and closes it one day unless it was the shared one.
   *
   * @param flow the socket and the peer's address, as proven
   * @param seen the address that the peer sees this side at
   * @param kind the plan that opened it
   * @param roundTrip the time from the last request to its answer
   * @param probes how many packets this side had sent toward addresses that had not answered
   */
  record Opened(
      Flow flow, TransportAddress seen, PunchPlan.Kind kind, Duration roundTrip, int probes)
      implements PunchEvent {}

  /**
   * No path was opened; what the attempt had opened is closed.
   *
   * @param kind the plan that was tried
   * @param cause why
   * @param reason one line for people
   */
  record Failed(PunchPlan.Kind kind, Cause cause, String reason) implements PunchEvent {}

  /** Why nothing was opened. */
  enum Cause {
    /** No plan fits the two NATs. */
    NO_PLAN,
    /** The peer says that it is where nobody may be asked to send to. */
    FORBIDDEN_ADDRESS,
    /** Too much was sent toward that address already, perhaps for others. */
    TOO_MUCH_ALREADY,
    /** Nothing of the peer came. */
    SILENCE,
    /** Something of the peer came, but not both ways. */
    ONE_WAY,
    /** The owner ended it. */
    ABANDONED
  }
}
