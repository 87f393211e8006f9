package dev.culvert.sansio;

/**
 * Where bytes come from or go to: a pair of addresses on a UDP socket, or one TCP, TLS or DTLS
 * connection.
 *
 * @param id for UDP the id of the {@link Output.Bind} (or {@link Output.Open}) that made the
 *     socket, otherwise that of the connection; negative where the driver made it (an accepted
 *     connection, a server's socket)
 * @param transport how the bytes travel
 * @param local the address on this side
 * @param remote the address on the other side
 */
public record Flow(long id, Transport transport, TransportAddress local, TransportAddress remote) {

  /** The same socket or connection, told to another remote address. */
  public Flow to(TransportAddress newRemote) {
    return new Flow(id, transport, local, newRemote);
  }
}
