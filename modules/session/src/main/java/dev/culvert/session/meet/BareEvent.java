package dev.culvert.session.meet;

import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PunchPlan;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/** What a {@link BarePeer} tells. */
public sealed interface BareEvent {

  /** What stands before this host. */
  record Measured(NatTraits traits) implements BareEvent {}

  /** What the other side is to be told, once. */
  record Described(BareNote note) implements BareEvent {}

  /**
   * Both notes are known.
   *
   * @param plan what will be done
   * @param in how long until then; zero for at once
   */
  record Planned(PunchPlan plan, Duration in) implements BareEvent {}

  /**
   * An attempt begins.
   *
   * @param attempt which, from 1
   */
  record Began(int attempt) implements BareEvent {}

  /**
   * An attempt came to nothing, and another one follows.
   *
   * @param reason one line for people
   * @param in how long until the next
   */
  record Missed(String reason, Duration in) implements BareEvent {}

  /**
   * Something that both were told does not hold.
   *
   * @param reason one line for people
   */
  record Stale(String reason) implements BareEvent {}

  /**
   * A path is open both ways. Its socket is the owner's from now on, who sends by {@link
   * BarePeer#send} and closes it with the peer.
   *
   * @param flow the socket and the other side's address
   * @param seen the address that the other side sees this one at
   * @param plan what opened it
   * @param took since the attempt began
   * @param roundTrip of the path
   * @param attempts how many were made
   */
  record Opened(
      Flow flow,
      TransportAddress seen,
      PunchPlan plan,
      Duration took,
      Duration roundTrip,
      int attempts)
      implements BareEvent {}

  /** A datagram came over the path. */
  record Received(Bytes data) implements BareEvent {}

  /**
   * No path was opened, and nothing more is tried.
   *
   * @param cause why
   * @param plan what was tried, or would have been; empty as long as one note was not known
   * @param reason one line for people
   */
  record Failed(Cause cause, Optional<PunchPlan> plan, String reason) implements BareEvent {}

  /** Why there is no path. */
  enum Cause {
    /** No server answers this side over UDP, or it has no IPv4 address. */
    NO_SERVER,
    /** No plan fits the two NATs. */
    NO_PLAN,
    /** The other side may not be sent to where it says that it is. */
    FORBIDDEN_ADDRESS,
    /** The two clocks differ too much to begin together. */
    CLOCKS,
    /** All attempts came to nothing. */
    SILENCE,
    /** The system took the socket away. */
    SOCKET_LOST
  }
}
