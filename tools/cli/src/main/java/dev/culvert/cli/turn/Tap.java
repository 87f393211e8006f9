package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.stun.Method;
import dev.culvert.stun.StreamFraming;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Listens in on what a relay says to a client, since the reason for a refusal is often said before
 * it. Confined to one thread; it is deaf once it knows enough, so that data passes unread.
 */
final class Tap {
  private static final int LONGEST = 65_560;
  private static final int CLASS = 0x0110;
  private static final int RESPONSE = 0x0100;
  private static final int TLS_ALERT = 0x15;
  private static final int TLS_HANDSHAKE = 0x16;

  private final Consumer<String> steps;
  private Optional<StreamFraming> framing = Optional.empty();
  private Optional<String> realm = Optional.empty();
  private Optional<String> software = Optional.empty();
  private Optional<CloseCause> unreachable = Optional.empty();
  private Optional<Input.Closed> closed = Optional.empty();
  private Optional<String> garbage = Optional.empty();
  private Optional<TransactionId> challenge = Optional.empty();
  private Optional<Flow> over = Optional.empty();
  private boolean heard;
  private boolean knowsBinding;
  private boolean deaf;

  /**
   * Hears nothing yet.
   *
   * @param steps is given lines for people who watch
   */
  Tap(Consumer<String> steps) {
    this.steps = steps;
  }

  void opened(Flow flow) {
    over = Optional.of(flow);
    framing =
        flow.transport().isStream()
            ? Optional.of(new StreamFraming(true, LONGEST))
            : Optional.empty();
  }

  void closed(Input.Closed how) {
    closed = Optional.of(how);
  }

  void unreachable(CloseCause cause) {
    unreachable = Optional.of(cause);
  }

  void hear(Bytes payload) {
    if (deaf || payload.isEmpty()) {
      return;
    }
    if (framing.isEmpty()) {
      message(payload);
      return;
    }
    boolean tls =
        !heard
            && (payload.at(0) == TLS_ALERT || payload.at(0) == TLS_HANDSHAKE)
            && payload.length() > 1
            && payload.at(1) == 3;
    framing.get().feed(payload).forEach(this::message);
    if (tls) {
      garbage = Optional.of("it speaks TLS on this port");
    } else {
      framing.get().fault().ifPresent(fault -> garbage = Optional.of(fault));
    }
  }

  private void message(Bytes bytes) {
    boolean stun = bytes.length() >= 20 && (bytes.uint16(0) & 0xC000) == 0;
    if (!stun || (bytes.uint16(0) & CLASS) == 0) {
      garbage = Optional.of(stun ? "it sends requests" : "it is no STUN message");
    }
    if (!stun || (bytes.uint16(0) & RESPONSE) == 0) {
      return;
    }
    StunCodec.decode(bytes)
        .packet()
        .ifPresentOrElse(
            packet -> message(packet.message()),
            () -> garbage = Optional.of("a message that is malformed"));
  }

  private void message(StunMessage message) {
    if (message.method().equals(Method.BINDING)) {
      knowsBinding = true;
      return;
    }
    heard = true;
    int code = message.error().map(ErrorCode::code).orElse(0);
    message.first(Software.class).ifPresent(its -> software = Optional.of(its.description()));
    message.first(Realm.class).ifPresent(its -> realm = Optional.of(its.realm()));
    if (challenge.filter(message.transactionId()::equals).isPresent()) {
      return;
    }
    if (code == ErrorCode.UNAUTHENTICATED && challenge.isEmpty()) {
      challenge = Optional.of(message.transactionId());
      steps.accept(
          "401: it asks for credentials"
              + realm.map(name -> " in the realm '" + Words.printable(name) + "'").orElse("")
              + ", which is its normal first answer");
    } else if (code != 0) {
      steps.accept(
          message.method()
              + " is answered with "
              + code
              + " "
              + Words.printable(message.error().orElseThrow().reason()));
    }
  }

  /** Knows enough. */
  void stop() {
    deaf = true;
  }

  /** The realm that it named last. */
  Optional<String> realm() {
    return realm;
  }

  /** What it says it is. */
  Optional<String> software() {
    return software.map(Words::printable);
  }

  /** What the network said about datagrams to it. */
  Optional<CloseCause> unreachable() {
    return unreachable;
  }

  /** How the connection ended. */
  Optional<Input.Closed> closed() {
    return closed;
  }

  /** What came in place of STUN. */
  Optional<String> garbage() {
    return garbage;
  }

  /** Whether a connection stood, or a socket was open. */
  boolean isOpened() {
    return over.isPresent();
  }

  /** Whether any message came that is about relaying. */
  boolean hasHeard() {
    return heard;
  }

  /** Whether it answered the question that every STUN server answers. */
  boolean knowsBinding() {
    return knowsBinding;
  }

  /** The socket or connection to it, once there is one. */
  Optional<Flow> flow() {
    return over;
  }

  /** Whether it asked for credentials. */
  boolean isChallenged() {
    return challenge.isPresent();
  }
}
