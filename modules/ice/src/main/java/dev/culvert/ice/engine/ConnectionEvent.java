package dev.culvert.ice.engine;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceEvent;
import dev.culvert.ice.text.IceDescription;

/** What an {@link IceConnection} tells. */
public sealed interface ConnectionEvent {

  /**
   * Another candidate to tell the peer of (RFC 8838 §4).
   *
   * @param candidate as the policy lets it be told
   */
  record LocalCandidate(Candidate candidate) implements ConnectionEvent {}

  /**
   * There are no more candidates in this generation (RFC 8838 §8).
   *
   * @param description all of them
   */
  record LocalCandidatesEnd(IceDescription description) implements ConnectionEvent {}

  /**
   * The peer began anew, and so did this side.
   *
   * @param description what the peer is to be told
   */
  record Restarted(IceDescription description) implements ConnectionEvent {}

  /**
   * This side's addresses are others than the peer was told, so a restart is in order.
   *
   * @param reason one line for people
   */
  record RestartAdvised(String reason) implements ConnectionEvent {}

  /**
   * The agent told something: its state, its path, data.
   *
   * @param event what
   */
  record Ice(IceEvent event) implements ConnectionEvent {}
}
