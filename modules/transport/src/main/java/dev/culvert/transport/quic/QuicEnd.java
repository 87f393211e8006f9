package dev.culvert.transport.quic;

/**
 * Why a {@link QuicLink} is over.
 *
 * @param kind for programs
 * @param code the application's, from the peer; 0 for the other kinds
 * @param words one line for people
 */
public record QuicEnd(Kind kind, long code, String words) {
  /** For programs. */
  public enum Kind {
    /** This side closed it. */
    CLOSED,
    /** The peer closed it. */
    PEER_CLOSED,
    /** Whoever answered has not the expected key. */
    WRONG_KEY,
    /** The peer did not take this side's key. */
    KEY_REFUSED,
    /** One side broke the protocol, or a library failed. */
    FAILED
  }
}
