package dev.culvert.turn.auth;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users who stand on a command line or in a file; all their keys are made beforehand. Immutable.
 */
public final class StaticUsers implements CredentialStore {
  private final RelayRealm realm;
  private final Map<String, IntegrityKey> md5 = new HashMap<>();
  private final Map<String, IntegrityKey> sha256 = new HashMap<>();
  private final Map<UserHash, String> hashes = new HashMap<>();

  /**
   * These users.
   *
   * @throws IllegalArgumentException if a name stands there twice; a name with one key for each
   *     algorithm may
   */
  public StaticUsers(RelayRealm realm, Collection<StaticUser> users) {
    this.realm = realm;
    for (StaticUser user : users) {
      String name = user.name();
      user.key(PasswordAlgorithm.MD5, realm).ifPresent(key -> put(md5, name, key));
      user.key(PasswordAlgorithm.SHA_256, realm).ifPresent(key -> put(sha256, name, key));
      hashes.put(LongTermCredential.hash(name, realm.name()), name);
    }
  }

  private static void put(Map<String, IntegrityKey> keys, String name, IntegrityKey key) {
    if (keys.put(name, key) != null) {
      throw new IllegalArgumentException("user " + name + " is given twice");
    }
  }

  @Override
  public String realm() {
    return realm.name();
  }

  /** SHA-256 is left out if there is a user of whom only the MD5 key is known. */
  @Override
  public List<PasswordAlgorithm> algorithms() {
    return sha256.keySet().containsAll(md5.keySet())
        ? CredentialStore.super.algorithms()
        : List.of(PasswordAlgorithm.of(PasswordAlgorithm.MD5));
  }

  @Override
  public boolean findsHashes() {
    return true;
  }

  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    Map<String, IntegrityKey> keys = algorithm == PasswordAlgorithm.SHA_256 ? sha256 : md5;
    return Optional.ofNullable(keys.get(username));
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return Optional.ofNullable(hashes.get(hash));
  }

  @Override
  public Optional<Instant> expiry(String username) {
    return Optional.empty();
  }

  @Override
  public String owner(String username) {
    return username;
  }

  boolean knows(String username) {
    return md5.containsKey(username) || sha256.containsKey(username);
  }
}
