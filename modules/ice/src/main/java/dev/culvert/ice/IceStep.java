package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One thing that an agent did or saw, for whoever wants to follow it ({@link IceAgent#watch}). The
 * reasons are one line for people each.
 */
public sealed interface IceStep {
  /**
   * A candidate of this agent is used.
   *
   * @param candidate it, and what it sends from
   */
  record LocalAdded(LocalCandidate candidate) implements IceStep {}

  /**
   * A candidate of this agent is not used.
   *
   * @param candidate it
   * @param reason why
   */
  record LocalRefused(Candidate candidate, String reason) implements IceStep {}

  /** This agent has no more candidates to come. */
  record LocalEnded() implements IceStep {}

  /**
   * The peer's description came.
   *
   * @param parameters what it says of itself
   */
  record PeerDescribed(IceParameters parameters) implements IceStep {}

  /** The peer is known to have this agent's description. */
  record PeerBegan() implements IceStep {}

  /** The peer's owner says that it failed. */
  record PeerFailed() implements IceStep {}

  /**
   * A candidate of the peer is used; its type is peer-reflexive if one of its checks showed it.
   *
   * @param candidate it
   */
  record RemoteAdded(Candidate candidate) implements IceStep {}

  /**
   * A candidate of the peer is not used.
   *
   * @param candidate it
   * @param reason why
   */
  record RemoteRefused(Candidate candidate, String reason) implements IceStep {}

  /** The peer has no more candidates to come (RFC 8838 §14). */
  record RemoteEnded() implements IceStep {}

  /**
   * Two candidates are to be tried together.
   *
   * @param pair which
   * @param priority the greater the sooner (RFC 8445 §6.1.2.3)
   */
  record PairMade(IcePair pair, long priority) implements IceStep {}

  /**
   * A pair had to make room for a better one.
   *
   * @param pair which
   */
  record PairDropped(IcePair pair) implements IceStep {}

  /**
   * A pair's check has come further.
   *
   * @param pair which
   * @param state now
   * @param reason why
   */
  record PairChanged(IcePair pair, PairState state, String reason) implements IceStep {}

  /**
   * A check left.
   *
   * @param pair whose
   * @param purpose what for
   * @param sending 1 for the first time, then how often it has been sent
   */
  record CheckSent(IcePair pair, CheckPurpose purpose, int sending) implements IceStep {}

  /**
   * The peer answered a check.
   *
   * @param pair whose
   * @param purpose what for
   * @param roundTrip unless it was sent more than once: nobody knows which one was answered
   * @param mapped where the peer saw it come from
   */
  record CheckAnswered(
      IcePair pair, CheckPurpose purpose, Optional<Duration> roundTrip, TransportAddress mapped)
      implements IceStep {}

  /**
   * The peer answered a check with an error, or not as it must.
   *
   * @param pair whose
   * @param purpose what for
   * @param code of the error; 0 if it was a success that cannot be taken
   * @param reason what is wrong
   */
  record CheckRefused(IcePair pair, CheckPurpose purpose, int code, String reason)
      implements IceStep {}

  /**
   * An authentic check of the peer came, and was answered.
   *
   * @param flow how
   * @param nominates whether it has USE-CANDIDATE
   */
  record CheckReceived(Flow flow, boolean nominates) implements IceStep {}

  /**
   * A check came that was answered with an error.
   *
   * @param flow how
   * @param code of the error
   */
  record CheckRejected(Flow flow, int code) implements IceStep {}

  /**
   * A pair was selected for its component: this agent or the peer had nominated it.
   *
   * @param pair which
   */
  record Selected(IcePair pair) implements IceStep {}

  /**
   * This agent plays another role.
   *
   * @param role now
   * @param reason why
   */
  record RoleChanged(IceRole role, String reason) implements IceStep {}

  /**
   * A pair that was proven is silent, though it was sent on.
   *
   * @param pair which
   */
  record PairSilent(IcePair pair) implements IceStep {}

  /**
   * Large datagrams pass on a pair, both ways.
   *
   * @param pair which
   */
  record PairWide(IcePair pair) implements IceStep {}

  /**
   * A pair answers small checks and no large ones: data goes on it only for want of another.
   *
   * @param pair which
   */
  record PairNarrow(IcePair pair) implements IceStep {}

  /**
   * The peer's consent to a pair ended (RFC 7675 §5.1).
   *
   * @param pair which
   */
  record ConsentLost(IcePair pair) implements IceStep {}

  /**
   * A component's data goes this way from now on.
   *
   * @param path the way
   */
  record PathChosen(IcePath path) implements IceStep {}

  /**
   * A component has no path any more.
   *
   * @param component which
   */
  record PathLost(ComponentId component) implements IceStep {}

  /**
   * A connection is being opened for a pair (RFC 6544 §7.1).
   *
   * @param pair which
   * @param id of the connection
   */
  record Connecting(IcePair pair, long id) implements IceStep {}

  /**
   * A connection ended or never came to be.
   *
   * @param id of the connection
   * @param reason why
   */
  record Disconnected(long id, String reason) implements IceStep {}

  /**
   * Mappings of the NATs between the agents live no longer than this, so signs of life come sooner.
   *
   * @param atMost the longest wait between two of them
   * @param reason how that is known
   */
  record KeepaliveChanged(Duration atMost, String reason) implements IceStep {}

  /**
   * Another generation of candidates and credentials began (RFC 8445 §9).
   *
   * @param ufrag this agent's new one
   */
  record Restarted(String ufrag) implements IceStep {}

  /**
   * The agent has come further, or fallen back.
   *
   * @param state now
   */
  record StateChanged(IceState state) implements IceStep {}

  /**
   * The agent failed.
   *
   * @param reason why
   */
  record Failed(IceFailure reason) implements IceStep {}
}
