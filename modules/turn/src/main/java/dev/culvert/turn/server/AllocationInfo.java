package dev.culvert.turn.server;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.FiveTuple;
import java.time.Duration;
import java.util.List;

/**
 * What there was to say about an allocation at some time.
 *
 * @param id names it among all that the node ever has, later ones by greater numbers; positive
 * @param client whose it is
 * @param username as the client wrote it: any text
 * @param tcp whether peers are reached over TCP (RFC 6062)
 * @param relayed the announced addresses, one for each IP version; empty if it has just ended
 * @param age since it was made
 * @param expiresIn until it ends if it is not refreshed
 * @param permissions peers that may send
 * @param channels bound ones
 * @param connections to and from peers over TCP
 * @param toPeers what was relayed to peers
 * @param toClient what was relayed to the client
 */
public record AllocationInfo(
    long id,
    FiveTuple client,
    String username,
    boolean tcp,
    List<TransportAddress> relayed,
    Duration age,
    Duration expiresIn,
    int permissions,
    int channels,
    int connections,
    Traffic toPeers,
    Traffic toClient) {
  /** Copies the list. */
  public AllocationInfo {
    relayed = List.copyOf(relayed);
  }

  /**
   * What was relayed one way.
   *
   * @param datagrams of UDP
   * @param bytes of payload, over UDP and TCP
   */
  public record Traffic(long datagrams, long bytes) {}
}
