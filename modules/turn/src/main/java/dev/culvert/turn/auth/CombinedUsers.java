package dev.culvert.turn.auth;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Static users and those of shared secrets together; a name that both know is the static one's. */
public final class CombinedUsers implements CredentialStore {
  private final StaticUsers fixed;
  private final TimeLimitedUsers timeLimited;

  /**
   * Both.
   *
   * @throws IllegalArgumentException if they are for different realms
   */
  public CombinedUsers(StaticUsers fixed, TimeLimitedUsers timeLimited) {
    if (!fixed.realm().equals(timeLimited.realm())) {
      throw new IllegalArgumentException("users of one relay are in one realm");
    }
    this.fixed = fixed;
    this.timeLimited = timeLimited;
  }

  private CredentialStore storeOf(String username) {
    return fixed.knows(username) ? fixed : timeLimited;
  }

  @Override
  public String realm() {
    return fixed.realm();
  }

  @Override
  public List<PasswordAlgorithm> algorithms() {
    return fixed.algorithms();
  }

  /** Never: those of shared secrets cannot be found. */
  @Override
  public boolean findsHashes() {
    return false;
  }

  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    return storeOf(username).key(username, algorithm);
  }

  @Override
  public List<IntegrityKey> keys(String username, int algorithm) {
    return storeOf(username).keys(username, algorithm);
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return fixed.username(hash);
  }

  @Override
  public Optional<Instant> expiry(String username) {
    return storeOf(username).expiry(username);
  }

  @Override
  public boolean vouches(String username, int algorithm, IntegrityKey key) {
    return storeOf(username).vouches(username, algorithm, key);
  }

  @Override
  public String owner(String username) {
    return storeOf(username).owner(username);
  }
}
