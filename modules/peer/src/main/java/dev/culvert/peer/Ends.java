package dev.culvert.peer;

import dev.culvert.rendezvous.call.CallEnd;
import dev.culvert.transport.quic.QuicEnd;
import dev.culvert.transport.quic.QuicLink;

/** What the ends of calls and of QUIC mean to whoever has or wants a connection. */
final class Ends {
  static final PeerEnd CLOSED = new PeerEnd(PeerEnd.Kind.CLOSED, "this side closed the connection");

  private Ends() {}

  static PeerEnd of(CallEnd end, boolean connected) {
    PeerEnd.Kind kind =
        switch (end) {
          case UNKNOWN_PEER, OFFLINE -> PeerEnd.Kind.NOT_FOUND;
          case DECLINED, BLOCKED -> PeerEnd.Kind.DECLINED;
          case BUSY, QUOTA -> PeerEnd.Kind.LIMIT;
          case NO_NODE -> PeerEnd.Kind.NO_NODE;
          case TIMED_OUT -> PeerEnd.Kind.TIMED_OUT;
          case NOT_WHO_IT_SAYS -> PeerEnd.Kind.NOT_WHO_IT_SAYS;
          case NO_PATH -> connected ? PeerEnd.Kind.TIMED_OUT : PeerEnd.Kind.NO_PATH;
          case PEER_LEFT -> PeerEnd.Kind.PEER_CLOSED;
          case CLOSED -> PeerEnd.Kind.CLOSED;
        };
    return switch (kind) {
      case CLOSED -> CLOSED;
      case TIMED_OUT ->
          connected
              ? new PeerEnd(kind, "the peer does not answer on any path any more")
              : new PeerEnd(kind, end.words());
      default -> new PeerEnd(kind, end.words());
    };
  }

  static PeerEnd of(QuicEnd end) {
    return switch (end.kind()) {
      case CLOSED -> CLOSED;
      case PEER_CLOSED ->
          end.code() == QuicLink.LIMIT
              ? new PeerEnd(PeerEnd.Kind.LIMIT, "the peer closed the connection: " + end.words())
              : new PeerEnd(
                  PeerEnd.Kind.PEER_CLOSED,
                  end.words().isBlank()
                      ? "the peer closed the connection"
                      : "the peer closed the connection: " + end.words());
      case WRONG_KEY -> new PeerEnd(PeerEnd.Kind.NOT_WHO_IT_SAYS, end.words());
      case KEY_REFUSED -> new PeerEnd(PeerEnd.Kind.DECLINED, end.words());
      case FAILED ->
          new PeerEnd(
              end.code() == QuicLink.LIMIT ? PeerEnd.Kind.LIMIT : PeerEnd.Kind.HERE, end.words());
    };
  }
}
