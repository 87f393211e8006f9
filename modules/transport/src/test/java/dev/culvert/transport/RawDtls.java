package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.util.Arrays;
import java.util.Optional;

/** The beginning of a DTLS handshake (RFC 6347 §4.2), datagram by datagram. */
final class RawDtls {
  /** Where the type of the handshake message stands. */
  static final int MESSAGE_TYPE = 13;

  static final int CLIENT_HELLO = 1;
  static final int SERVER_HELLO = 2;
  static final int HELLO_VERIFY_REQUEST = 3;

  private RawDtls() {}

  /** Sends a datagram and returns the answer. */
  static byte[] exchange(DatagramSocket from, byte[] datagram, TransportAddress to)
      throws IOException {
    from.setSoTimeout(60_000);
    from.send(new DatagramPacket(datagram, datagram.length, to.toSocketAddress()));
    DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
    from.receive(answer);
    return Arrays.copyOf(answer.getData(), answer.getLength());
  }

  /** A client's first flight; {@code catcher} is who it believes to be the server. */
  static byte[] clientHello(NetworkRuntime runtime, DatagramSocket catcher) throws IOException {
    try (Driven client = new Driven(runtime)) {
      client.wants(
          new Output.Open(
              1,
              Transport.DTLS,
              Optional.empty(),
              new TransportAddress(catcher.getLocalAddress(), catcher.getLocalPort()),
              Optional.of(new ServerIdentity.HostName("node.example"))));
      catcher.setSoTimeout(60_000);
      DatagramPacket caught = new DatagramPacket(new byte[2000], 2000);
      catcher.receive(caught);
      assertEquals(CLIENT_HELLO, caught.getData()[MESSAGE_TYPE]);
      return Arrays.copyOf(caught.getData(), caught.getLength());
    }
  }

  /** The same ClientHello as its second flight: with the cookie, one further in both sequences. */
  static byte[] withCookie(byte[] hello, byte[] verify) {
    int cookieLength = verify[27];
    int sessionIdAt = 25 + 2 + 32;
    int cookieAt = sessionIdAt + 1 + hello[sessionIdAt];
    byte[] out = new byte[hello.length + cookieLength];
    System.arraycopy(hello, 0, out, 0, cookieAt);
    out[cookieAt] = (byte) cookieLength;
    System.arraycopy(verify, 28, out, cookieAt + 1, cookieLength);
    System.arraycopy(
        hello, cookieAt + 1, out, cookieAt + 1 + cookieLength, hello.length - cookieAt - 1);
    out[10] = 1;
    int record = out.length - 13;
    out[11] = (byte) (record >> 8);
    out[12] = (byte) record;
    int body = record - 12;
    for (int at : new int[] {14, 22}) {
      out[at] = 0;
      out[at + 1] = (byte) (body >> 8);
      out[at + 2] = (byte) body;
    }
    out[18] = 1;
    return out;
  }
}
