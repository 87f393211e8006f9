package dev.culvert.cli.connect;

import dev.culvert.peer.PeerConnection;
import dev.culvert.sansio.Bytes;

/** Datagrams that come back: what asks begins with 1, and the same with 2 is the answer. */
final class Echoes {
  private static final int ASK = 1;
  private static final int ANSWER = 2;
  private static final int HEAD = 1 + Long.BYTES;

  private Echoes() {}

  /** A question of this size, at least 9 bytes. */
  static Bytes ask(long number, int size) {
    byte[] text = new byte[Math.max(HEAD, size)];
    text[0] = ASK;
    for (int i = 0; i < Long.BYTES; i++) {
      text[1 + i] = (byte) (number >> (Long.SIZE - Byte.SIZE * (i + 1)));
    }
    return Bytes.wrap(text);
  }

  /** The number of the question that this answers; negative if it is no answer. */
  static long answered(Bytes datagram) {
    return datagram.length() >= HEAD && datagram.at(0) == ANSWER ? datagram.int64(1) : -1;
  }

  /** Answers it if it is a peer's question; never with more than was asked. */
  static void serve(PeerConnection connection, Bytes datagram) {
    if (datagram.length() >= HEAD && datagram.at(0) == ASK) {
      // One that finds no room is lost, which is what a ping is to find out.
      boolean unused = connection.send(Bytes.of(ANSWER).concat(datagram.slice(1)));
    }
  }
}
