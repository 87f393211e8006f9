package dev.culvert.turn.server;

/**
 * The ports of one relay address.
 *
 * @param address where they are
 * @param taken that somebody has, or has reserved
 * @param all that can be handed out
 */
public record PortUse(RelayAddress address, int taken, int all) {}
