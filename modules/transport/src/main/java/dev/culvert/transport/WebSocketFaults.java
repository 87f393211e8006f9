package dev.culvert.transport;

import dev.culvert.sansio.CloseCause;
import io.netty.handler.codec.http.HttpResponseStatus;

/** What the other end of a WebSocket says, for machines and people. */
final class WebSocketFaults {
  private static final int NORMAL = 1000;
  private static final int GOING_AWAY = 1001;
  private static final int NO_STATUS = 1005;
  private static final int LONGEST_WORDS = 123;

  private WebSocketFaults() {}

  /** A close frame came (RFC 6455 §7.4). */
  static Fault closed(int status, String reason) {
    boolean fine = status == NORMAL || status == GOING_AWAY || status == NO_STATUS;
    String words = printable(reason);
    return new Fault(
        fine ? CloseCause.FINISHED : CloseCause.OTHER,
        "the other side closed the WebSocket"
            + (fine ? "" : " with status " + status)
            + (words.isEmpty() ? "" : ": " + words));
  }

  /** Another answer than 101 came. */
  static Fault refused(HttpResponseStatus status) {
    String words = printable(status.reasonPhrase());
    return new Fault(
        CloseCause.HANDSHAKE_FAILED,
        "the server takes no WebSocket here: it answered "
            + status.code()
            + (words.isEmpty() ? "" : " " + words));
  }

  /** What somebody else wrote must not draw on a terminal. */
  private static String printable(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_WORDS)
        .forEach(
            each ->
                plain.appendCodePoint(
                    Character.isISOControl(each) || Character.getType(each) == Character.FORMAT
                        ? '?'
                        : each));
    return plain.toString();
  }
}
