package dev.culvert.cli.connect.stream;

/**
 * How much went over a stream.
 *
 * @param sent bytes toward the other side
 * @param received bytes from there
 */
public record Traffic(long sent, long received) {}
