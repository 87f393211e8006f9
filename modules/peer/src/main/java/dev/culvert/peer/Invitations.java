package dev.culvert.peer;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.InviteSecret;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may call: a policy, and whoever has one of the invites that were made; on the loop. */
final class Invitations {
  static final int MOST = 64;

  private final PeerId own;
  private final List<InviteSecret> made = new ArrayList<>();
  private AcceptPolicy policy;

  Invitations(PeerId own, AcceptPolicy policy) {
    this.own = own;
    this.policy = policy;
  }

  void policy(AcceptPolicy other) {
    policy = other;
  }

  /** The policy with those that hold. */
  AcceptPolicy inviting(Instant now) {
    forgetExpired(now);
    List<InviteSecret> all = new ArrayList<>(policy.invites());
    // Those that the policy names hold in any case, and of the others the newest.
    int room = MOST - all.size();
    all.addAll(made.subList(Math.max(0, made.size() - room), made.size()));
    return policy.inviting(all);
  }

  /** Makes one that names these nodes; empty while there is no room. */
  Optional<Invite> make(List<KnownNode> nodes, Duration validity, boolean once, Instant now) {
    forgetExpired(now);
    if (policy.invites().size() + made.size() >= MOST) {
      return Optional.empty();
    }
    Invite invite = Invite.to(own, nodes, new SecureRandom());
    made.add(new InviteSecret(invite.secret(), now.plus(validity), once));
    return Optional.of(invite);
  }

  private void forgetExpired(Instant now) {
    made.removeIf(each -> each.expiry().isBefore(now));
  }
}
