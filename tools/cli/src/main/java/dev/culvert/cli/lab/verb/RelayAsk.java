package dev.culvert.cli.lab.verb;

import java.time.Duration;

/**
 * What both sides of a talk through a relay are asked to do.
 *
 * @param access the relay
 * @param count how many datagrams each side sends to have them back
 * @param limit how long to try
 */
record RelayAsk(RelayAccess access, int count, Duration limit) {}
