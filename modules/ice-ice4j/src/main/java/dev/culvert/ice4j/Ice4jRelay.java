package dev.culvert.ice4j;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;

/**
 * A relay over UDP to get an allocation from (RFC 8656).
 *
 * @param server where it is
 * @param credential name and password
 */
public record Ice4jRelay(TransportAddress server, LongTermCredential credential) {}
