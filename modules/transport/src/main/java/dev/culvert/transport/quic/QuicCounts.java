package dev.culvert.transport.quic;

import java.time.Duration;
import java.util.Optional;

/**
 * What went over a {@link QuicLink} so far.
 *
 * @param sentPackets UDP payloads handed to the path
 * @param receivedPackets UDP payloads that came
 * @param lostPackets that were taken for lost (RFC 9002)
 * @param sentBytes of those payloads
 * @param receivedBytes of those payloads
 * @param droppedDatagrams of the application, for which there was no room on the way out
 * @param roundTrip smoothed (RFC 9002 §5.3); empty before it is known
 */
public record QuicCounts(
    long sentPackets,
    long receivedPackets,
    long lostPackets,
    long sentBytes,
    long receivedBytes,
    long droppedDatagrams,
    Optional<Duration> roundTrip) {}
