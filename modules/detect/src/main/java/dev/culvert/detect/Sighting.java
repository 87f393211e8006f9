package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;

/**
 * What one answer said about where the request seemed to come from.
 *
 * @param socket the id of the socket that asked
 * @param local its address
 * @param destination who was asked, and answered
 * @param mapped what was seen there
 * @param hidden whether the address travelled XORed, out of reach of gateways that rewrite payloads
 * @param target the server concerned
 * @param at when the answer came
 */
record Sighting(
    long socket,
    TransportAddress local,
    TransportAddress destination,
    TransportAddress mapped,
    boolean hidden,
    Target target,
    MonotonicTime at) {

  boolean isTranslated() {
    return !mapped.equals(local);
  }

  /** A gateway may have written the local address into the answer, where it was not hidden. */
  boolean isSuspect() {
    return !hidden && !isTranslated();
  }
}
