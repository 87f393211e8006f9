package dev.culvert.turn;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;

/**
 * What tells clients of a relay apart (RFC 8656 §3): how they speak, from where, and to where.
 *
 * @param transport UDP, TCP, TLS or DTLS
 * @param client the client as the server sees it
 * @param server the address of the server that the client speaks to
 */
public record FiveTuple(Transport transport, TransportAddress client, TransportAddress server) {
  /** The five-tuple of a flow of the server. */
  public static FiveTuple ofServer(Flow flow) {
    return new FiveTuple(flow.transport(), flow.remote(), flow.local());
  }
}
