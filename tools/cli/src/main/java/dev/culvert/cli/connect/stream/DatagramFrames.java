package dev.culvert.cli.connect.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** Datagrams on a stream, each with its length in two bytes before it. */
final class DatagramFrames {
  static final int LONGEST = 65_507;

  private DatagramFrames() {}

  static void write(OutputStream out, byte[] datagram, int length) throws IOException {
    byte[] framed = new byte[2 + length];
    framed[0] = (byte) (length >> 8);
    framed[1] = (byte) length;
    System.arraycopy(datagram, 0, framed, 2, length);
    out.write(framed);
    out.flush();
  }

  /** The next one; empty at the end of the stream. */
  static Optional<byte[]> read(InputStream in) throws IOException {
    int high = in.read();
    if (high < 0) {
      return Optional.empty();
    }
    int low = in.read();
    int length = (high << 8) | low;
    if (low < 0) {
      throw new EOFException("the stream ended within a datagram");
    }
    if (length > LONGEST) {
      throw StreamFault.malformed("no datagram has " + length + " bytes");
    }
    byte[] datagram = in.readNBytes(length);
    if (datagram.length < length) {
      throw new EOFException("the stream ended within a datagram");
    }
    return Optional.of(datagram);
  }
}
