package dev.culvert.cli.ice;

/**
 * A moment of a story.
 *
 * @param millis since it began
 * @param what one line for people
 */
record Moment(double millis, String what) {}
