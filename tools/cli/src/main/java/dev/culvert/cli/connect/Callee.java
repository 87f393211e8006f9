package dev.culvert.cli.connect;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import java.util.List;
import java.util.Optional;

/**
 * Whom to call.
 *
 * @param peer who
 * @param invite what shows that this peer may
 * @param nodes where it is found, beside those of the invite
 */
record Callee(PeerId peer, Optional<Invite> invite, List<KnownNode> nodes) {
  Callee {
    nodes = List.copyOf(nodes);
  }
}
