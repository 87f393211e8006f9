package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import java.time.Duration;
import java.util.Optional;

/** One request that was sent once. Each try has its own id, so that losses can be counted. */
final class Shot {
  /**
   * What came back.
   *
   * @param message success or error
   * @param from where it came from
   * @param socket the id of the socket that it came in through
   * @param at when
   */
  record Reply(StunMessage message, TransportAddress from, long socket, MonotonicTime at) {
    boolean isSuccess() {
      return message.messageClass() == dev.culvert.stun.MessageClass.SUCCESS_RESPONSE;
    }

    /** The error code; 0 for a success. */
    int error() {
      return message.error().map(error -> error.code()).orElse(0);
    }
  }

  private final LocalSocket socket;
  private final TransportAddress to;
  private final TransactionId id;
  private final MonotonicTime sentAt;
  private Optional<Reply> reply = Optional.empty();

  Shot(LocalSocket socket, TransportAddress to, TransactionId id, MonotonicTime sentAt) {
    this.socket = socket;
    this.to = to;
    this.id = id;
    this.sentAt = sentAt;
  }

  LocalSocket socket() {
    return socket;
  }

  TransportAddress to() {
    return to;
  }

  TransactionId id() {
    return id;
  }

  MonotonicTime sentAt() {
    return sentAt;
  }

  Optional<Reply> reply() {
    return reply;
  }

  void replied(Reply what) {
    if (reply.isEmpty()) {
      reply = Optional.of(what);
    }
  }

  /** The time from sending to the reply; empty as long as there is none. */
  Optional<Duration> roundTrip() {
    return reply.map(what -> what.at().since(sentAt));
  }

  /** Whether there is no reply although {@code patience} is over. */
  boolean isLost(MonotonicTime now, Duration patience) {
    return reply.isEmpty() && now.since(sentAt).compareTo(patience) >= 0;
  }
}
