package dev.culvert.cli.server;

import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * What was learnt about a server's second address (RFC 5780 §7.3).
 *
 * @param state what it comes to
 * @param alternate what the server gave as OTHER-ADDRESS; empty if it gave none
 * @param note one sentence for people; empty if there is nothing to say
 */
public record Rfc5780Support(
    State state, Optional<TransportAddress> alternate, Optional<String> note) {

  /** What a server's answers to CHANGE-REQUEST come to. */
  public enum State {
    /** It answers from where it was asked to. */
    YES,
    /** It does not offer it, or has no second address that answers. */
    NO,
    /** It answers from elsewhere than it was asked to. */
    DISHONEST,
    /** Nothing came that would tell. */
    UNKNOWN
  }

  /** A server that gives no second address. */
  static Rfc5780Support none() {
    return new Rfc5780Support(State.NO, Optional.empty(), Optional.empty());
  }

  /** Nothing is known yet, or ever. */
  static Rfc5780Support unknown(Optional<TransportAddress> alternate, String note) {
    return new Rfc5780Support(State.UNKNOWN, alternate, Optional.of(note));
  }
}
