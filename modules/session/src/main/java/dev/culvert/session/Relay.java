package dev.culvert.session;

import dev.culvert.turn.client.TurnClientConfig;

/**
 * A relay to get an allocation from (RFC 8656).
 *
 * @param name what people know it by
 * @param config how to speak to it; over UDP the peer's own socket is used, whatever local address
 *     stands there
 */
public record Relay(String name, TurnClientConfig config) {}
