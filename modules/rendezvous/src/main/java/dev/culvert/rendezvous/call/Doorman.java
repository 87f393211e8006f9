package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Says who may call, and remembers who has used an invite. */
final class Doorman {
  /** Invites for one: who showed them first, until they are void under any policy so far. */
  private final Map<Bytes, Use> used = new HashMap<>();

  private record Use(PeerId by, Instant expiry) {}

  private AcceptPolicy policy;

  Doorman(AcceptPolicy policy) {
    this.policy = policy;
  }

  void policy(AcceptPolicy other) {
    policy = other;
    for (InviteSecret each : other.invites()) {
      used.computeIfPresent(
          each.secret(),
          (secret, use) ->
              use.expiry().isBefore(each.expiry()) ? new Use(use.by(), each.expiry()) : use);
    }
  }

  Optional<Admission> admits(
      PeerId caller, PeerId own, Bytes session, Optional<Bytes> proof, Instant now) {
    if (policy.blocked().contains(caller)) {
      return Optional.empty();
    }
    if (policy.contacts().contains(caller)) {
      return Optional.of(Admission.CONTACT);
    }
    if (proof.isPresent() && isInvited(caller, own, session, proof.get(), now)) {
      return Optional.of(Admission.INVITED);
    }
    return policy.everybody() ? Optional.of(Admission.OPEN) : Optional.empty();
  }

  private boolean isInvited(PeerId caller, PeerId own, Bytes session, Bytes proof, Instant now) {
    used.values().removeIf(use -> !use.expiry().isAfter(now));
    for (InviteSecret each : policy.invites()) {
      boolean shown =
          InviteSecret.proof(each.secret(), session, caller, own).equalsInConstantTime(proof);
      if (shown && each.expiry().isAfter(now)) {
        Use first = new Use(caller, each.expiry());
        return !each.once()
            || used.computeIfAbsent(each.secret(), its -> first).by().equals(caller);
      }
    }
    return false;
  }
}
