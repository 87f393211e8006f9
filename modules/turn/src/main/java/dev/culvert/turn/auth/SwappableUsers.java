package dev.culvert.turn.auth;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Users who can be exchanged while a relay runs. Whoever is no longer known makes no allocation and
 * changes none; what one has already goes on until its lifetime ends. Safe for every thread.
 */
public final class SwappableUsers implements CredentialStore {
  private final String realm;
  private volatile CredentialStore users;

  /** These users for now. */
  public SwappableUsers(CredentialStore users) {
    realm = users.realm();
    this.users = users.current();
  }

  /**
   * From now on these users.
   *
   * @throws IllegalArgumentException if they are of another realm, which clients were told already
   */
  public void swap(CredentialStore next) {
    if (!next.realm().equals(realm)) {
      throw new IllegalArgumentException("a relay keeps its realm as long as it runs");
    }
    users = next.current();
  }

  @Override
  public CredentialStore current() {
    return users;
  }

  @Override
  public String realm() {
    return realm;
  }

  @Override
  public List<PasswordAlgorithm> algorithms() {
    return users.algorithms();
  }

  @Override
  public boolean findsHashes() {
    return users.findsHashes();
  }

  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    return users.key(username, algorithm);
  }

  @Override
  public List<IntegrityKey> keys(String username, int algorithm) {
    return users.keys(username, algorithm);
  }

  @Override
  public boolean vouches(String username, int algorithm, IntegrityKey key) {
    return users.vouches(username, algorithm, key);
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return users.username(hash);
  }

  @Override
  public Optional<Instant> expiry(String username) {
    return users.expiry(username);
  }

  @Override
  public String owner(String username) {
    return users.owner(username);
  }
}
