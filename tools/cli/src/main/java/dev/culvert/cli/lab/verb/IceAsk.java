package dev.culvert.cli.lab.verb;

import dev.culvert.ice.IcePolicy;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What one side of two that meet by ICE has.
 *
 * @param local its address
 * @param server whom it asks what it looks like
 * @param access the relay; empty for none
 * @param policy which paths it uses
 * @param count how many datagrams to have back
 * @param limit how long the other side may take to begin
 */
record IceAsk(
    InetAddress local,
    TransportAddress server,
    Optional<RelayAccess> access,
    IcePolicy policy,
    int count,
    Duration limit) {

  IceAsk at(InetAddress other) {
    return new IceAsk(other, server, access, policy, count, limit);
  }
}
