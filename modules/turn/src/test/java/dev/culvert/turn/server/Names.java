package dev.culvert.turn.server;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.turn.auth.CredentialStore;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Users with passwords; what stands before a colon in a name says nothing about the owner. */
record Names(String realm, Map<String, String> passwords) implements CredentialStore {
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
    return username.substring(username.indexOf(':') + 1);
  }

  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    return Optional.ofNullable(passwords.get(username))
        .map(password -> IntegrityKey.longTerm(algorithm, username, realm, password));
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return passwords.keySet().stream()
        .filter(name -> LongTermCredential.hash(name, realm).equals(hash))
        .findFirst();
  }
}
