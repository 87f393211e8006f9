package dev.culvert.ice;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;

/**
 * What a local candidate sends from (RFC 8445 §4): a socket, or a relay's tunnel.
 *
 * @param id of its flows, as the driver or the owner of the tunnel knows them
 * @param transport UDP or TCP
 * @param address the socket's own one; of a tunnel the relayed one
 */
public record Base(long id, Transport transport, TransportAddress address) {
  /** The flow from here to a peer. */
  public Flow to(TransportAddress remote) {
    return new Flow(id, transport, address, remote);
  }
}
