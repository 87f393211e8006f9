package dev.culvert.sansio;

/** Why a connection ended, never came to be, or a datagram did not arrive. */
public enum CloseCause {
  /** The other side ended it in good order. */
  FINISHED,
  /** The other side answered that nobody listens there. */
  REFUSED,
  /** Nothing came back in time. */
  TIMED_OUT,
  /** No route, or a router said so. */
  UNREACHABLE,
  /** A firewall said that it is forbidden, or the system did. */
  PROHIBITED,
  /** It was cut. */
  RESET,
  /**
   * The server's certificate is not for the expected name or key, or no authority vouches for it.
   */
  UNTRUSTED,
  /** The TLS or DTLS handshake failed for another reason. */
  HANDSHAKE_FAILED,
  /** The other side did not take what was sent, and the queue is full. */
  OVERFLOW,
  /** Anything else; the detail says what. */
  OTHER
}
