package dev.culvert.stun;

import dev.culvert.sansio.Flow;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The client's side of the long-term credential mechanism towards one server (RFC 8489 §9.2.3,
 * §9.2.5): the first request goes bare, the server's challenge is answered, realm and nonce are
 * kept for later requests, and neither a stripped list of algorithms nor a weaker later challenge
 * lures it back to weaker ones. A part of an engine, confined to its thread.
 */
public final class LongTermClient {
  /** How many challenges in a row are answered; who goes on asking will not be satisfied. */
  static final int MAX_CHALLENGES = 4;

  private final LongTermCredential credential;
  private Optional<Challenge> challenge = Optional.empty();
  private int challengesInARow;

  /** What to do after a response. */
  public sealed interface Reaction {}

  /** The response is final: success, or an error that is not about authentication. */
  public record Done() implements Reaction {}

  /** Ask again, under a new transaction id. */
  public record Retry() implements Reaction {}

  /**
   * Asking again is of no use.
   *
   * @param reason one line for people
   */
  public record GiveUp(String reason) implements Reaction {}

  /** Nothing asked yet; the name and password for this server. */
  public LongTermClient(LongTermCredential credential) {
    this.credential = credential;
  }

  /**
   * Wraps a request: bare as long as the server did not challenge, with credentials afterwards.
   * Keep the flow's default schedule or change it on the result; leave its check alone.
   *
   * @param message what to ask, without any attribute of authentication
   */
  public ClientRequest request(Flow flow, StunMessage message) {
    return challenge
        .map(known -> authenticated(flow, message, known))
        .orElseGet(() -> ClientRequest.of(flow, message));
  }

  private ClientRequest authenticated(Flow flow, StunMessage message, Challenge known) {
    Protection protection = Protection.of(known.integrity(), known.key());
    return ClientRequest.of(
            flow, message.with(known.answer().toArray(Attribute[]::new)), protection)
        .withCheck((response, from) -> judge(response, known));
  }

  /** RFC 8489 §9.2.5: what an answer to an authenticated request must be like. */
  private static ResponseCheck.Verdict judge(StunPacket response, Challenge known) {
    StunMessage message = response.message();
    int error = message.error().map(ErrorCode::code).orElse(0);
    boolean proven =
        response.isProvenBy(known.key())
            && (known.integrity() == IntegrityAlgorithm.SHA1
                || response.integrity().filter(IntegrityAlgorithm.SHA256::equals).isPresent());
    if (proven) {
      return isListStripped(message) ? ResponseCheck.Verdict.DISCARD : ResponseCheck.Verdict.ACCEPT;
    }
    // A server that refuses the credentials, or lost the nonce, cannot always prove itself.
    if (error == ErrorCode.UNAUTHENTICATED
        || (error == ErrorCode.STALE_NONCE && response.integrity().isEmpty())) {
      return ResponseCheck.Verdict.ACCEPT;
    }
    boolean bareBadRequest = error == ErrorCode.BAD_REQUEST && response.integrity().isEmpty();
    return bareBadRequest || isListStripped(message)
        ? ResponseCheck.Verdict.DISCARD
        : ResponseCheck.Verdict.UNPROVEN;
  }

  /** Whether the nonce promises a list of algorithms that is not there (RFC 8489 §9.2.1). */
  private static boolean isListStripped(StunMessage message) {
    return message
            .first(Nonce.class)
            .filter(nonce -> NonceCookie.names(nonce.nonce(), SecurityFeature.PASSWORD_ALGORITHMS))
            .isPresent()
        && !message.has(PasswordAlgorithms.class);
  }

  /**
   * Takes the response to a request of this client and says what to do.
   *
   * @param request the request that {@link #request} wrapped
   * @param response what {@link ClientTransactions} handed out for it
   */
  public Reaction react(ClientRequest request, StunMessage response) {
    int error = response.error().map(ErrorCode::code).orElse(0);
    if (error != ErrorCode.UNAUTHENTICATED && error != ErrorCode.STALE_NONCE) {
      challengesInARow = 0;
      return new Done();
    }
    if (++challengesInARow > MAX_CHALLENGES) {
      return new GiveUp("the server challenged " + MAX_CHALLENGES + " answers in a row");
    }
    if (isListStripped(response)) {
      return new GiveUp("the server's list of password algorithms was stripped on the way");
    }
    Optional<String> nonce = response.first(Nonce.class).map(Nonce::nonce);
    Optional<String> realm =
        response.first(Realm.class).map(Realm::realm).or(() -> knownRealm(error));
    if (nonce.isEmpty() || realm.isEmpty()) {
      return new GiveUp("the server asks for credentials without a realm and a nonce");
    }
    boolean triedThere = request.message().first(Realm.class).map(Realm::realm).equals(realm);
    if (error == ErrorCode.UNAUTHENTICATED && triedThere) {
      return new GiveUp("the server does not accept this user name and password");
    }
    return learn(realm.get(), nonce.get(), response.first(PasswordAlgorithms.class));
  }

  /** A server that only lost the nonce may leave out the realm. */
  private Optional<String> knownRealm(int error) {
    return error == ErrorCode.STALE_NONCE ? challenge.map(Challenge::realm) : Optional.empty();
  }

  private Reaction learn(String realm, String nonce, Optional<PasswordAlgorithms> offered) {
    Optional<PasswordAlgorithm> chosen =
        offered.flatMap(
            list -> list.algorithms().stream().filter(IntegrityKey::isSupported).findFirst());
    if (offered.isPresent() && chosen.isEmpty()) {
      return new GiveUp("the server offers no password algorithm known here");
    }
    if (offered.isEmpty()
        && challenge.filter(k -> k.integrity() == IntegrityAlgorithm.SHA256).isPresent()) {
      return new GiveUp("the server, or somebody on the way, fell back to weaker algorithms");
    }
    if (OpaqueString.enforce(IntegrityKey.unquoted(realm)).isEmpty()) {
      return new GiveUp("the server names a realm that OpaqueString forbids");
    }
    challenge = Optional.of(Challenge.of(credential, realm, nonce, offered, chosen));
    return new Retry();
  }

  /** Whether requests are authenticated by now. */
  public boolean isChallenged() {
    return challenge.isPresent();
  }

  /** The realm and the answer that the server wants. */
  private record Challenge(
      String realm, IntegrityKey key, IntegrityAlgorithm integrity, List<Attribute> answer) {

    static Challenge of(
        LongTermCredential credential,
        String realm,
        String nonce,
        Optional<PasswordAlgorithms> offered,
        Optional<PasswordAlgorithm> chosen) {
      List<Attribute> answer = new ArrayList<>();
      answer.add(
          NonceCookie.names(nonce, SecurityFeature.USERNAME_ANONYMITY)
              ? credential.hashAttribute(realm)
              : credential.nameAttribute());
      answer.add(new Realm(realm));
      answer.add(new Nonce(nonce));
      offered.ifPresent(answer::add);
      chosen.ifPresent(answer::add);
      int algorithm = chosen.map(PasswordAlgorithm::algorithm).orElse(PasswordAlgorithm.MD5);
      return new Challenge(
          realm,
          credential.key(algorithm, realm),
          offered.isPresent() ? IntegrityAlgorithm.SHA256 : IntegrityAlgorithm.SHA1,
          List.copyOf(answer));
    }
  }
}
