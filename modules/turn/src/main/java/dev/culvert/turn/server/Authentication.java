package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.Protection;
import dev.culvert.stun.ServerVerdict;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.turn.auth.CredentialStore;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks credentials (RFC 8656 §5). Whoever has an allocation is known by the key that it was made
 * with, so that an allocation outlives the time limit of the name that made it.
 */
final class Authentication implements LongTermServer.Users {
  private final CredentialStore store;
  private final LongTermServer.Nonces nonces;
  private final Replies replies;
  private CredentialStore users;
  private LongTermServer server;
  private @Nullable LongTermServer earlier;
  private boolean swapped;
  private Allocation.@Nullable Session session;
  private int algorithm;

  Authentication(CredentialStore store, LongTermServer.Nonces nonces, Replies replies) {
    this.store = store;
    this.nonces = nonces;
    this.replies = replies;
    users = store.current();
    server = newServer(users);
  }

  private LongTermServer newServer(CredentialStore now) {
    return new LongTermServer(now.realm(), now.algorithms(), now.findsHashes(), this, nonces);
  }

  private void catchUp() {
    CredentialStore now = store.current();
    if (now != users) {
      if (!now.algorithms().equals(users.algorithms())
          || now.findsHashes() != users.findsHashes()) {
        earlier = server;
        server = newServer(now);
      }
      users = now;
      swapped = true;
    }
  }

  /**
   * The request, if it is proven; otherwise it is answered.
   *
   * @param known the allocation that the request is about; null: none
   */
  Optional<Request> check(Flow from, StunPacket packet, @Nullable Allocation known, long now) {
    catchUp();
    session = known == null ? null : known.session;
    ServerVerdict verdict = server.check(packet, from.remote());
    if (earlier != null
        && known != null
        && verdict instanceof ServerVerdict.Refused
        && earlier.check(packet, from.remote()) instanceof ServerVerdict.Accepted before) {
      // Until its nonce is stale a client speaks of what was offered when it came.
      verdict = before;
    }
    if (verdict instanceof ServerVerdict.Refused refused
        && known != null
        && isStale(refused)
        && from.remote().ip().equals(known.client.remote().ip())
        && server.check(packet, known.client.remote()) instanceof ServerVerdict.Accepted late) {
      // A data connection may use the nonce of its control connection (RFC 6062 §4.3).
      verdict = late;
    }
    session = null;
    if (verdict instanceof ServerVerdict.Accepted accepted) {
      Protection protection =
          packet.hasFingerprint()
              ? accepted.responseProtection().withFingerprint()
              : accepted.responseProtection();
      return Optional.of(
          new Request(
              from,
              packet,
              new Allocation.Session(accepted.username(), algorithm, accepted.key()),
              protection,
              now));
    }
    if (verdict instanceof ServerVerdict.Refused refused) {
      replies.unproven(from, packet, refused.response(), now);
    }
    return Optional.empty();
  }

  private static boolean isStale(ServerVerdict.Refused refused) {
    return refused.response().error().filter(e -> e.code() == ErrorCode.STALE_NONCE).isPresent();
  }

  @Override
  public Optional<IntegrityKey> key(String username, int wanted) {
    return keys(username, wanted).stream().findFirst();
  }

  @Override
  public List<IntegrityKey> keys(String username, int wanted) {
    algorithm = wanted;
    Allocation.Session known = session;
    return known != null
            && known.algorithm() == wanted
            && known.username().equals(username)
            && (!swapped || users.vouches(username, wanted, known.key()))
        ? List.of(known.key())
        : users.keys(username, wanted);
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return users.username(hash);
  }
}
