package dev.culvert.ice;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of a candidate pair.
 *
 * @param local this agent's candidate, as the peer sees it where that is known
 * @param remote the peer's
 * @param state at last
 * @param sent checks that were sent, repeated ones counted each time
 * @param answered responses that proved it
 * @param roundTrip the last one that was measured
 * @param fault why it failed, one line for people; empty if it did not
 */
public record PairFate(
    Candidate local,
    Candidate remote,
    PairState state,
    int sent,
    int answered,
    Optional<Duration> roundTrip,
    String fault) {}
