package dev.culvert.peer;

/**
 * Why a connection is over, or never came to be.
 *
 * @param kind for programs
 * @param words one line for people
 */
public record PeerEnd(Kind kind, String words) {
  /** For programs. */
  public enum Kind {
    /** This side closed it. */
    CLOSED,
    /** The peer closed it. */
    PEER_CLOSED,
    /** The peer did not want it. */
    DECLINED,
    /** No node knows the peer, or the peer is connected to none. */
    NOT_FOUND,
    /** There is no node to ask. */
    NO_NODE,
    /** The peer does not answer any more, or never did. */
    TIMED_OUT,
    /** There is no way that the policies of both sides allow. */
    NO_PATH,
    /** Whoever answered has not the key that was called. */
    NOT_WHO_IT_SAYS,
    /** A limit of this side or of nodes. */
    LIMIT,
    /** Something on this host, such as a missing library. */
    HERE
  }
}
