package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.TransportAddress;
import java.util.List;

/**
 * A node that a peer is attached to, and what it offers.
 *
 * @param node its id, proven
 * @param url where it was reached
 * @param relays credentials of short life for relays
 * @param stun where it answers STUN Binding requests over UDP, as {@code host:port}
 * @param observed what the peer looks like from there, over TCP; a hint and no candidate
 */
public record NodeOffer(
    PeerId node,
    NodeUrl url,
    List<Frame.RelayOffer> relays,
    List<String> stun,
    TransportAddress observed) {
  /** Copies the lists. */
  public NodeOffer {
    relays = List.copyOf(relays);
    stun = List.copyOf(stun);
  }
}
