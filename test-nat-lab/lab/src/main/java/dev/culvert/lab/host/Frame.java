package dev.culvert.lab.host;

import dev.culvert.sansio.Bytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;

/**
 * What passes between a lab and its agent on a host.
 *
 * @param kind what it means
 * @param socket which socket it is about
 * @param address an IP address of 4 or 16 bytes; none for the wildcard
 * @param port 0 to 65535
 * @param payload a datagram, or a line for people
 */
record Frame(Kind kind, int socket, Bytes address, int port, Bytes payload) {
  private static final Bytes NONE = Bytes.empty();

  enum Kind {
    /** To the agent: open this socket. */
    OPEN('o'),
    /** To the agent: send. */
    SEND('s'),
    /** To the agent: close. */
    CLOSE('c'),
    /** From the agent: open now, at this port. */
    OPENED('O'),
    /** From the agent: not to be opened, the payload says why. */
    FAILED('F'),
    /** From the agent: a datagram came from there. */
    ARRIVED('A');

    private final char code;

    Kind(char code) {
      this.code = code;
    }

    static Kind of(int code) throws IOException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IOException("no frame is of kind " + code);
    }
  }

  static Frame opened(int socket, int port) {
    return new Frame(Kind.OPENED, socket, NONE, port, NONE);
  }

  static Frame failed(int socket, String why) {
    return new Frame(Kind.FAILED, socket, NONE, 0, Bytes.utf8(why));
  }

  static Frame close(int socket) {
    return new Frame(Kind.CLOSE, socket, NONE, 0, NONE);
  }

  static Frame open(int socket, Bytes address, int port) {
    return new Frame(Kind.OPEN, socket, address, port, NONE);
  }

  static Bytes address(InetAddress ip) {
    return Bytes.wrap(ip.getAddress());
  }

  InetAddress ip() throws IOException {
    return InetAddress.getByAddress(address.isEmpty() ? new byte[4] : address.toByteArray());
  }

  void write(DataOutputStream out) throws IOException {
    out.writeByte(kind.code);
    out.writeInt(socket);
    out.writeByte(address.length());
    out.write(address.toByteArray());
    out.writeShort(port);
    out.writeInt(payload.length());
    out.write(payload.toByteArray());
  }

  static Frame read(DataInputStream in) throws IOException {
    Kind kind = Kind.of(in.readUnsignedByte());
    int socket = in.readInt();
    Bytes address = bytes(in, in.readUnsignedByte(), 16);
    int port = in.readUnsignedShort();
    Bytes payload = bytes(in, in.readInt(), 0xffff);
    return new Frame(kind, socket, address, port, payload);
  }

  private static Bytes bytes(DataInputStream in, int length, int most) throws IOException {
    if (length < 0 || length > most) {
      throw new IOException(length + " bytes are too many");
    }
    byte[] array = new byte[length];
    in.readFully(array);
    return Bytes.wrap(array);
  }
}
