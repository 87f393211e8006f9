package dev.culvert.cli.ice;

/**
 * A part of a story that took its time.
 *
 * @param what one line for people
 * @param millis how long
 */
record Stage(String what, double millis) {}
