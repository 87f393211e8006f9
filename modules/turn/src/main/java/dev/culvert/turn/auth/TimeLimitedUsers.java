package dev.culvert.turn.auth;

import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.OpaqueString;
import dev.culvert.stun.attribute.UserHash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Whoever shows a name with a time limit and the password that a holder of a shared secret made of
 * it, as "A REST API for access to TURN services" (draft-uberti-behave-turn-rest-00) has it.
 *
 * <p>The name is {@code EXPIRY} or {@code EXPIRY:NAME}, with the expiry in seconds since 1970; the
 * password is the base64 form of the HMAC-SHA1 of the whole name under the secret. Keys are made
 * anew for each request, which costs about as much as checking it and leaves nothing that a flood
 * of invented names could fill. Safe for every thread.
 */
public final class TimeLimitedUsers implements CredentialStore {
  /** Seconds of more digits are milliseconds by mistake, or a joke. */
  private static final int MAX_DIGITS = 10;

  private static final String ALGORITHM = "HmacSHA1";

  private final RelayRealm realm;
  private final List<SecretKeySpec> secrets;
  private final InstantSource clock;

  /**
   * Users of shared secrets.
   *
   * @param secrets any of them makes a password good, so that they can be changed without a gap;
   *     the one in use first
   * @param clock the wall clock, in which names expire
   * @throws IllegalArgumentException if there is no secret, or one is empty
   */
  public TimeLimitedUsers(RelayRealm realm, List<String> secrets, InstantSource clock) {
    if (secrets.isEmpty() || secrets.contains("")) {
      throw new IllegalArgumentException("a shared secret has at least one character");
    }
    this.realm = realm;
    this.secrets = secrets.stream().map(TimeLimitedUsers::macKey).toList();
    this.clock = clock;
  }

  /** The password that belongs to a name, for those who hand out credentials. */
  public static String password(String secret, String username) {
    return password(macKey(secret), username);
  }

  @Override
  public String realm() {
    return realm.name();
  }

  /** Never: names are not known before they are shown. */
  @Override
  public boolean findsHashes() {
    return false;
  }

  /** The key under the first secret. */
  @Override
  public Optional<IntegrityKey> key(String username, int algorithm) {
    return keys(username, algorithm).stream().findFirst();
  }

  @Override
  public List<IntegrityKey> keys(String username, int algorithm) {
    return expiry(username).filter(clock.instant()::isBefore).isEmpty()
        ? List.of()
        : made(username, algorithm);
  }

  /** Whether one of the secrets makes the key, however long ago the name expired. */
  @Override
  public boolean vouches(String username, int algorithm, IntegrityKey key) {
    return expiry(username).isPresent() && made(username, algorithm).contains(key);
  }

  private List<IntegrityKey> made(String username, int algorithm) {
    if (OpaqueString.enforce(username).isEmpty()) {
      return List.of();
    }
    List<IntegrityKey> keys = new ArrayList<>(secrets.size());
    for (SecretKeySpec secret : secrets) {
      String password = password(secret, username);
      keys.add(IntegrityKey.longTerm(algorithm, username, realm.name(), password));
    }
    return keys;
  }

  @Override
  public Optional<String> username(UserHash hash) {
    return Optional.empty();
  }

  @Override
  public Optional<Instant> expiry(String username) {
    int digits = digits(username);
    boolean alone = digits == username.length() || username.charAt(digits) == ':';
    return digits > 0 && digits <= MAX_DIGITS && alone
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(username, 0, digits, 10)))
        : Optional.empty();
  }

  /** What follows the expiry; all of the name if nothing does. */
  @Override
  public String owner(String username) {
    int colon = digits(username) + 1;
    return colon < username.length() ? username.substring(colon) : username;
  }

  private static int digits(String username) {
    int digits = 0;
    while (digits < username.length()
        && username.charAt(digits) >= '0'
        && username.charAt(digits) <= '9') {
      digits++;
    }
    return digits;
  }

  private static SecretKeySpec macKey(String secret) {
    return new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }

  private static String password(SecretKeySpec secret, String username) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] hmac = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(hmac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
