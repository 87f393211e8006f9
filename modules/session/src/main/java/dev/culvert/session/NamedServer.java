package dev.culvert.session;

import dev.culvert.sansio.TransportAddress;

/**
 * A STUN server to ask for this peer's outside address (RFC 8489).
 *
 * @param name what people know it by
 * @param address where it is, over UDP
 */
public record NamedServer(String name, TransportAddress address) {}
