package dev.culvert.transport.server;

import dev.culvert.stun.LongTermServer;
import dev.culvert.turn.auth.CredentialStore;
import dev.culvert.turn.server.RelayResources;
import dev.culvert.turn.server.TurnServerConfig;

/**
 * What makes a {@link StunServer} a relay as well (RFC 8656): each of its event loops gets an
 * engine of its own, and all of them share these.
 *
 * @param config what the engines do; DONT-FRAGMENT is left out where the platform cannot
 * @param resources ports, reservations and quotas; told this machine's addresses by the server
 * @param credentials whom they know
 * @param nonces makes nonces and knows them again
 */
public record RelayService(
    TurnServerConfig config,
    RelayResources resources,
    CredentialStore credentials,
    LongTermServer.Nonces nonces) {}
