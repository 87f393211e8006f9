package dev.culvert.rendezvous.code;

import dev.culvert.identity.PasswordExchange;
import dev.culvert.identity.PasswordExchange.Role;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SharedSecret;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.Invite;
import dev.culvert.sansio.Bytes;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What the two say to each other at a plate, each message with a byte of its kind before it:
 *
 * <ol>
 *   <li>the guest its first message of the exchange,
 *   <li>the host its first and second,
 *   <li>the guest its second, its confirmation, and its card, sealed;
 *   <li>the host, once the confirmation holds, its own and its card, sealed.
 * </ol>
 *
 * <p>So a guest that guesses wrong learns nothing, and a host that guesses wrong learns nothing
 * from the confirmation that it could try other words on. A card is the peer's id, its signature
 * over what only this exchange has, and a {@link Card}.
 */
final class Handshake {
  static final int WRONG = 0;
  private static final int KNOCK = 1;
  private static final int ANSWER = 2;
  private static final int PROOF = 3;
  private static final int WELCOME = 4;

  private static final String PURPOSE = "rdv1-code";
  private static final int SIGNATURE = 64;

  private final Role role;
  private final PeerKey key;
  private final Card card;
  private final PasswordExchange exchange;
  private Optional<SharedSecret> shared = Optional.empty();
  private Optional<Introduced> result = Optional.empty();

  Handshake(Role role, PeerKey key, Card card, Code code, RandomGenerator random) {
    this.role = role;
    this.key = key;
    this.card = card;
    this.exchange =
        new PasswordExchange(role, PURPOSE + "/" + code.number(), code.password(), random);
  }

  /** Whom the other one has proven to be. */
  Optional<Introduced> result() {
    return result;
  }

  /** Tells a guest that it guessed wrong. */
  static Bytes wrong() {
    return Bytes.of(WRONG);
  }

  static boolean isWrong(Bytes message) {
    return message.equals(wrong());
  }

  /** What a guest says first. */
  Bytes knock() {
    return Bytes.of(KNOCK).concat(exchange.first());
  }

  /** What a host answers; empty if that was no knock. */
  Optional<Bytes> answer(Bytes knock) {
    return body(knock, KNOCK)
        .flatMap(exchange::second)
        .map(second -> Bytes.of(ANSWER).concat(exchange.first()).concat(second));
  }

  /** What a guest says then; empty if that was no answer. */
  Optional<Bytes> prove(Bytes answer) {
    Optional<Bytes> body =
        body(answer, ANSWER).filter(its -> its.length() > PasswordExchange.FIRST);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    Optional<Bytes> second = exchange.second(body.get().slice(0, PasswordExchange.FIRST));
    return second.flatMap(
        its ->
            exchange
                .finish(body.get().slice(PasswordExchange.FIRST))
                .map(secret -> prove(its, secret)));
  }

  private Bytes prove(Bytes second, SharedSecret secret) {
    shared = Optional.of(secret);
    return Bytes.of(PROOF).concat(second).concat(confirm(secret));
  }

  /** What a host says in the end; empty if the guest had other words. */
  Optional<Bytes> welcome(Bytes proof) {
    Optional<Bytes> body = body(proof, PROOF).filter(its -> its.length() > PasswordExchange.SECOND);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    Optional<SharedSecret> secret = exchange.finish(body.get().slice(0, PasswordExchange.SECOND));
    return secret
        .filter(its -> isConfirmed(its, body.get().slice(PasswordExchange.SECOND)))
        .map(its -> Bytes.of(WELCOME).concat(confirm(its)));
  }

  /** Whether a guest has met whom it was to meet. */
  boolean complete(Bytes welcome) {
    Optional<Bytes> body = body(welcome, WELCOME);
    return shared.isPresent() && body.isPresent() && isConfirmed(shared.get(), body.get());
  }

  private static Optional<Bytes> body(Bytes message, int kind) {
    return message.length() > 1 && message.at(0) == kind
        ? Optional.of(message.slice(1))
        : Optional.empty();
  }

  private Bytes confirm(SharedSecret secret) {
    Bytes body = card.write();
    Bytes signature = Signed.by(key, PURPOSE, bound(secret, role, body)).signature();
    Bytes plain = key.id().key().concat(signature).concat(body);
    return secret.confirmation().concat(secret.seal(sealing(role), plain));
  }

  private boolean isConfirmed(SharedSecret secret, Bytes confirmed) {
    if (confirmed.length() <= SharedSecret.CONFIRMATION
        || !secret.confirms(confirmed.slice(0, SharedSecret.CONFIRMATION))) {
      return false;
    }
    Role other = role == Role.HOST ? Role.GUEST : Role.HOST;
    Bytes sealed = confirmed.slice(SharedSecret.CONFIRMATION);
    result =
        secret
            .open(sealing(other), sealed)
            .filter(plain -> plain.length() > PeerId.LENGTH + SIGNATURE)
            .flatMap(plain -> read(secret, other, plain));
    return result.isPresent();
  }

  private Optional<Introduced> read(SharedSecret secret, Role other, Bytes plain) {
    PeerId peer = new PeerId(plain.slice(0, PeerId.LENGTH));
    Bytes signature = plain.slice(PeerId.LENGTH, PeerId.LENGTH + SIGNATURE);
    Bytes body = plain.slice(PeerId.LENGTH + SIGNATURE);
    return new Signed(peer, bound(secret, other, body), signature)
        .verify(PURPOSE)
        .map(
            proven ->
                new Introduced(
                    peer, Card.read(body), secret.derive("rdv1-code-secret", Invite.SECRET)));
  }

  private static String sealing(Role of) {
    return of == Role.HOST ? "rdv1-code-host" : "rdv1-code-guest";
  }

  /** A signature that is worth nothing in another exchange, nor in the other's place. */
  private static Bytes bound(SharedSecret secret, Role of, Bytes body) {
    return secret.derive("rdv1-code-binding", 32).concat(Bytes.utf8(sealing(of))).concat(body);
  }
}
