package dev.culvert.cli.ice;

import dev.culvert.sansio.ServerIdentity;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.StunUri;
import java.util.List;
import java.util.Optional;

/**
 * Servers by name.
 *
 * @param servers STUN over UDP
 * @param relays in the order of preference
 */
record ServerPlan(List<StunUri> servers, List<RelayPlan> relays) {

  /**
   * A relay by name.
   *
   * @param identity who it must prove to be; present over TLS and DTLS
   */
  record RelayPlan(StunUri uri, Optional<ServerIdentity> identity, LongTermCredential credential) {}

  ServerPlan {
    servers = List.copyOf(servers);
    relays = List.copyOf(relays);
  }
}
