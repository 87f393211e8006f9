package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;

/**
 * Whom a code introduced.
 *
 * @param peer who it is, proven to whoever knew the code
 * @param card what it tells of itself
 * @param secret 16 bytes that both have and nobody else, worth as much as an {@link
 *     dev.culvert.rendezvous.Invite}'s
 */
public record Introduced(PeerId peer, Card card, Bytes secret) {
  /** Who and what, without the secret. */
  @Override
  public String toString() {
    return "Introduced[" + peer + ", " + card + "]";
  }
}
