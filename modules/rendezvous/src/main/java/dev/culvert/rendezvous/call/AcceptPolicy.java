package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may call. Everybody else gets no answer of any kind, and nothing is done for them.
 *
 * @param everybody whether all may
 * @param contacts who may in any case
 * @param invites who shows one of these may, too; at most 64
 * @param blocked who may not, whatever else holds
 */
public record AcceptPolicy(
    boolean everybody, Set<PeerId> contacts, List<InviteSecret> invites, Set<PeerId> blocked) {
  private static final int MOST_INVITES = 64;

  /** Copies the collections. */
  public AcceptPolicy {
    contacts = Set.copyOf(contacts);
    invites = List.copyOf(invites);
    blocked = Set.copyOf(blocked);
    if (invites.size() > MOST_INVITES) {
      throw new IllegalArgumentException("at most " + MOST_INVITES + " invites hold at once");
    }
  }

  /** Everybody may. */
  public static AcceptPolicy open() {
    return new AcceptPolicy(true, Set.of(), List.of(), Set.of());
  }

  /** These may. */
  public static AcceptPolicy contacts(Set<PeerId> contacts) {
    return new AcceptPolicy(false, contacts, List.of(), Set.of());
  }

  /** Nobody may. */
  public static AcceptPolicy nobody() {
    return contacts(Set.of());
  }

  /** The same, and those with one of these secrets may, too; replaces the secrets before. */
  public AcceptPolicy inviting(List<InviteSecret> secrets) {
    return new AcceptPolicy(everybody, contacts, secrets, blocked);
  }

  /** The same, and this one may in any case, unless it is blocked. */
  public AcceptPolicy knowing(PeerId contact) {
    Set<PeerId> more = new HashSet<>(contacts);
    more.add(contact);
    return new AcceptPolicy(everybody, more, invites, blocked);
  }

  /** The same, and these may not; replaces those before. */
  public AcceptPolicy blocking(Set<PeerId> others) {
    return new AcceptPolicy(everybody, contacts, invites, others);
  }
}
