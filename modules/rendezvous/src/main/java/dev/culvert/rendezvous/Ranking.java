package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * At which nodes a peer is to be found: each peer has an order of its own over all nodes, which
 * whoever knows the nodes can work out (highest random weight hashing). When a node dies its peers
 * spread over all others, and nobody else moves.
 */
public final class Ranking {
  private static final Bytes PURPOSE = Bytes.utf8("rdv1-ranking");

  private Ranking() {}

  /** The nodes in the order of a peer, its first choice first. */
  public static List<PeerId> of(PeerId peer, Collection<PeerId> nodes) {
    return nodes.stream()
        .distinct()
        .sorted(Comparator.comparing((PeerId node) -> weight(peer, node).hex()).reversed())
        .toList();
  }

  private static Bytes weight(PeerId peer, PeerId node) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PURPOSE.asByteBuffer());
      digest.update(peer.key().asByteBuffer());
      digest.update(node.key().asByteBuffer());
      return Bytes.wrap(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
