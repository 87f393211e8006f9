package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/**
 * One attempt to open a path, as one of the two peers makes it.
 *
 * @param plan what is done
 * @param config how much of it
 * @param secret what both share
 * @param leads whether this side decides which of several paths is taken; the other one's is the
 *     opposite
 * @param shared the socket that there is already; it is never closed by the attempt
 * @param start when to send first, agreed between both; they are best that far apart that both send
 *     at once
 * @param roundTrip what is known of the time to the peer and back, such as over a relay
 */
public record PunchAttempt(
    PunchPlan plan,
    PunchConfig config,
    PunchSecret secret,
    boolean leads,
    PunchSocket shared,
    MonotonicTime start,
    Optional<Duration> roundTrip) {}
