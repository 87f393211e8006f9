package dev.culvert.stun;

import dev.culvert.sansio.Flow;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Username;
import java.util.Optional;
import java.util.function.Function;

/**
 * A user name and a password agreed on by other means for a short time (RFC 8489 §9.1), as in ICE.
 *
 * @param username as it travels
 * @param key made of the password, see {@link IntegrityKey#shortTerm}
 */
public record ShortTermCredential(String username, IntegrityKey key) {

  /** Whether one integrity attribute is sent, known to be understood, or both. */
  public enum Offer {
    /** MESSAGE-INTEGRITY alone. */
    SHA1,
    /** MESSAGE-INTEGRITY-SHA256 alone. */
    SHA256,
    /** Both: nobody told what the other side understands (RFC 8489 §9.1.2). */
    BOTH;

    /** What to offer in later requests, after a response with this attribute (RFC 8489 §9.1.5). */
    public static Offer after(IntegrityAlgorithm answered) {
      return answered == IntegrityAlgorithm.SHA1 ? SHA1 : SHA256;
    }

    Protection protect(IntegrityKey key) {
      return switch (this) {
        case SHA1 -> Protection.sha1(key);
        case SHA256 -> Protection.sha256(key);
        case BOTH -> Protection.both(key);
      };
    }

    boolean takes(IntegrityAlgorithm answered) {
      return this == BOTH || this == after(answered);
    }
  }

  /** The credential of a password in the clear. */
  public static ShortTermCredential of(String username, String password) {
    return new ShortTermCredential(username, IntegrityKey.shortTerm(password));
  }

  /**
   * A request under this credential, with a check of its responses (RFC 8489 §9.1.2, §9.1.4).
   *
   * @param message what to ask, without USERNAME
   * @param fingerprint whether FINGERPRINT is added, as ICE wants it
   */
  public ClientRequest request(Flow flow, StunMessage message, Offer offer, boolean fingerprint) {
    Protection protection = offer.protect(key);
    return ClientRequest.of(
            flow,
            message.with(new Username(username)),
            fingerprint ? protection.withFingerprint() : protection)
        .withCheck((response, from) -> judge(response, offer));
  }

  private ResponseCheck.Verdict judge(StunPacket response, Offer offer) {
    Optional<IntegrityAlgorithm> answered = response.integrity();
    if (answered.isPresent() && !offer.takes(answered.get())) {
      return ResponseCheck.Verdict.DISCARD;
    }
    return response.isProvenBy(key) ? ResponseCheck.Verdict.ACCEPT : ResponseCheck.Verdict.UNPROVEN;
  }

  /**
   * The server's side (RFC 8489 §9.1.3): checks a request or an indication.
   *
   * @param keys the key of each user name that is valid now
   */
  public static ServerVerdict check(
      StunPacket packet, Function<String, Optional<IntegrityKey>> keys) {
    StunMessage message = packet.message();
    Optional<String> username = message.first(Username.class).map(Username::name);
    if (packet.integrity().isEmpty() || username.isEmpty()) {
      return refuse(message, ErrorCode.BAD_REQUEST);
    }
    Optional<IntegrityKey> key = username.flatMap(keys).filter(packet::isProvenBy);
    return key.isEmpty()
        ? refuse(message, ErrorCode.UNAUTHENTICATED)
        : new ServerVerdict.Accepted(
            username.get(), key.get(), Protection.of(packet.integrity().get(), key.get()));
  }

  private static ServerVerdict refuse(StunMessage message, int code) {
    return message.messageClass() == MessageClass.REQUEST
        ? new ServerVerdict.Refused(message.errorResponse(ErrorCode.of(code)))
        : new ServerVerdict.Dropped();
  }
}
