package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.stun.attribute.Username;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server's side of the long-term credential mechanism (RFC 8489 §9.2.4). Holds no state of
 * clients; as safe to share between threads as its {@link Users} and {@link Nonces}.
 */
public final class LongTermServer {
  private static final PasswordAlgorithm LEGACY = PasswordAlgorithm.of(PasswordAlgorithm.MD5);

  /** Tried where there is no such user, so that the time it takes does not tell. */
  private static final IntegrityKey NOBODY = IntegrityKey.of(Bytes.utf8("nobody"));

  private final String realm;
  private final PasswordAlgorithms offered;
  private final String cookie;
  private final Users users;
  private final Nonces nonces;

  /** Who may come in. */
  public interface Users {
    /**
     * The key of a user in the server's realm.
     *
     * @param algorithm a number from the list that the server offers, or {@link
     *     PasswordAlgorithm#MD5}
     * @return empty if there is no such user
     */
    Optional<IntegrityKey> key(String username, int algorithm);

    /**
     * All keys of a user any of which will do, the likeliest first: more than one while a secret is
     * being replaced by another.
     *
     * @param algorithm as in {@link #key}
     * @return empty if there is no such user
     */
    default List<IntegrityKey> keys(String username, int algorithm) {
      return key(username, algorithm).stream().toList();
    }

    /**
     * The user whom {@link LongTermCredential#hash} turns into {@code hash}.
     *
     * @return empty if there is none, or anonymity is not supported
     */
    Optional<String> username(UserHash hash);
  }

  /** Makes nonces and knows them again. */
  public interface Nonces {
    /**
     * A nonce for one client, without a cookie, of at most 114 characters; never the same for
     * another address and port.
     */
    String issue(TransportAddress client);

    /** Whether {@code nonce}, without its cookie, was issued to this client and is not stale. */
    boolean isValid(String nonce, TransportAddress client);
  }

  /**
   * A server that offers password algorithms.
   *
   * @param realm recommended to be the provider's domain name
   * @param algorithms what it takes, the preferred one first
   * @param anonymous whether clients must hide their user names
   */
  public LongTermServer(
      String realm,
      List<PasswordAlgorithm> algorithms,
      boolean anonymous,
      Users users,
      Nonces nonces) {
    if (algorithms.isEmpty() || !algorithms.stream().allMatch(IntegrityKey::isSupported)) {
      throw new IllegalArgumentException("not all of these are supported: " + algorithms);
    }
    this.realm = OpaqueString.require("the realm", realm);
    this.offered = new PasswordAlgorithms(algorithms);
    NonceCookie features =
        anonymous
            ? NonceCookie.of(
                SecurityFeature.PASSWORD_ALGORITHMS, SecurityFeature.USERNAME_ANONYMITY)
            : NonceCookie.of(SecurityFeature.PASSWORD_ALGORITHMS);
    this.cookie = features.text();
    this.users = users;
    this.nonces = nonces;
  }

  /**
   * Checks a request in the order that RFC 8489 §9.2.4 gives; indications cannot be challenged and
   * are dropped.
   */
  public ServerVerdict check(StunPacket packet, TransportAddress client) {
    StunMessage request = packet.message();
    if (request.messageClass() != MessageClass.REQUEST) {
      return new ServerVerdict.Dropped();
    }
    if (packet.integrity().isEmpty()) {
      return challenge(request, ErrorCode.UNAUTHENTICATED, client);
    }
    Optional<String> nonce = request.first(Nonce.class).map(Nonce::nonce);
    boolean named = request.has(Username.class) || request.has(UserHash.class);
    if (!named || !request.has(Realm.class) || nonce.isEmpty()) {
      return badRequest(request);
    }
    Optional<PasswordAlgorithms> list = request.first(PasswordAlgorithms.class);
    Optional<PasswordAlgorithm> algorithm = request.first(PasswordAlgorithm.class);
    boolean legacy = list.isEmpty() && algorithm.isEmpty();
    if (!legacy
        && NonceCookie.names(nonce.get(), SecurityFeature.PASSWORD_ALGORITHMS)
        && !isOurs(list, algorithm)) {
      return badRequest(request);
    }
    PasswordAlgorithm used = algorithm.filter(IntegrityKey::isSupported).orElse(LEGACY);
    Optional<String> username = username(request);
    Optional<IntegrityKey> key = username.flatMap(name -> proven(packet, name, used));
    if (key.isEmpty()) {
      return challenge(request, ErrorCode.UNAUTHENTICATED, client);
    }
    if (!isValid(nonce.get(), client)) {
      return challenge(request, ErrorCode.STALE_NONCE, client);
    }
    return new ServerVerdict.Accepted(
        username.orElseThrow(),
        key.get(),
        legacy ? Protection.sha1(key.get()) : Protection.sha256(key.get()));
  }

  private Optional<IntegrityKey> proven(
      StunPacket packet, String username, PasswordAlgorithm algorithm) {
    List<IntegrityKey> keys = users.keys(username, algorithm.algorithm());
    if (keys.isEmpty()) {
      packet.isProvenBy(NOBODY);
      return Optional.empty();
    }
    return keys.stream().filter(packet::isProvenBy).findFirst();
  }

  private Optional<String> username(StunMessage request) {
    return request
        .first(Username.class)
        .map(Username::name)
        .or(() -> request.first(UserHash.class).flatMap(users::username));
  }

  private boolean isOurs(Optional<PasswordAlgorithms> list, Optional<PasswordAlgorithm> algorithm) {
    return list.filter(offered::equals).isPresent()
        && algorithm.filter(offered.algorithms()::contains).isPresent();
  }

  private boolean isValid(String nonce, TransportAddress client) {
    return nonce.startsWith(cookie) && nonces.isValid(nonce.substring(NonceCookie.LENGTH), client);
  }

  private static ServerVerdict badRequest(StunMessage request) {
    return new ServerVerdict.Refused(request.errorResponse(ErrorCode.BAD_REQUEST));
  }

  private ServerVerdict challenge(StunMessage request, int code, TransportAddress client) {
    List<Attribute> challenge = new ArrayList<>();
    challenge.add(new Realm(realm));
    challenge.add(new Nonce(cookie + nonces.issue(client)));
    challenge.add(offered);
    return new ServerVerdict.Refused(
        request.errorResponse(code, challenge.toArray(Attribute[]::new)));
  }
}
