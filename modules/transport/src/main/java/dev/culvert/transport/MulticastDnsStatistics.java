package dev.culvert.transport;

/**
 * What multicast DNS dropped so far (RFC 6762).
 *
 * @param malformed messages that could not be read
 * @param foreign messages that came from another link, or answers from another port than 5353
 * @param excess messages and answers beyond the rate that is taken and given
 */
public record MulticastDnsStatistics(long malformed, long foreign, long excess) {}
