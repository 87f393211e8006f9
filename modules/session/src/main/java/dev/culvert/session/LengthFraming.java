package dev.culvert.session;

import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Cuts a stream into messages, each behind its length in two bytes (RFC 4571 §2). */
final class LengthFraming {
  /** The longest message. */
  static final int MOST = 0xffff;

  private static final int HEADER = 2;

  private Bytes rest = Bytes.empty();

  /** A message with its length. */
  static Bytes frame(Bytes message) {
    return Bytes.of(message.length() >> 8, message.length()).concat(message);
  }

  /** What became complete with this piece; of a message that did not, at most 64 KiB are kept. */
  List<Bytes> feed(Bytes piece) {
    List<Bytes> complete = new ArrayList<>();
    Bytes bytes = rest.isEmpty() ? piece : rest.concat(piece);
    while (bytes.length() >= HEADER && bytes.length() >= HEADER + bytes.uint16(0)) {
      int end = HEADER + bytes.uint16(0);
      complete.add(bytes.slice(HEADER, end));
      bytes = bytes.slice(end);
    }
    rest = bytes;
    return complete;
  }
}
