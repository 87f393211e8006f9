package dev.culvert.ice;

/**
 * A candidate of this agent.
 *
 * @param candidate what the peer may be told
 * @param base what it sends from
 */
public record LocalCandidate(Candidate candidate, Base base) {}
