package dev.culvert.transport.server;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.turn.auth.CredentialStore;
import java.time.Instant;
import java.util.Optional;

/** One user, and nonces that say whose they are. */
final class TestUsers implements CredentialStore, LongTermServer.Nonces {
  static final LongTermCredential USER = new LongTermCredential("alice", "secret");
  static final String REALM = "example.org";

  @Override
  public String realm() {
    return REALM;
  }

  @Override
  public boolean findsHashes() {
    return false;
  }

  @Override
  public Optional<Instant> expiry(String username) {
    return Optional.empty();
  }

  @Override
  public String owner(String username) {
    return username;
  }

  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    return username.equals(USER.username())
        ? Optional.of(USER.key(algorithm, REALM))
        : Optional.empty();
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return Optional.empty();
  }

  @Override
  public String issue(TransportAddress client) {
    return "for-" + client;
  }

  @Override
  public boolean isValid(String nonce, TransportAddress client) {
    return nonce.equals(issue(client));
  }
}
