package dev.culvert.session;

import dev.culvert.sansio.Flow;
import java.util.Optional;
import java.util.Set;

/**
 * How a link's data may go: what of it needs nobody between it and the session's UDP sockets; data
 * over relays and TCP needs the session.
 *
 * @param proven on which data may be taken, because the peer has proven them; no other link has
 *     them
 * @param used on which data leaves, if it leaves that way
 * @param room whether there is room for what leaves another way; if not, it is dropped
 */
public record DirectFlows(Set<Flow> proven, Optional<Flow> used, boolean room) {
  /** None of them. */
  public static final DirectFlows NONE = new DirectFlows(Set.of(), Optional.empty(), true);

  /** Copies the set. */
  public DirectFlows {
    proven = Set.copyOf(proven);
  }
}
