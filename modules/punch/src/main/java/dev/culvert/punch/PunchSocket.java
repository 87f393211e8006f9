package dev.culvert.punch;

import dev.culvert.sansio.TransportAddress;

/**
 * The UDP socket that a peer has already, and of which {@link NatTraits#reflexive} tells.
 *
 * @param id the id of every flow on it
 * @param local its address, its port never 0
 * @param ttl whether a hop limit takes effect on it
 */
public record PunchSocket(long id, TransportAddress local, boolean ttl) {}
