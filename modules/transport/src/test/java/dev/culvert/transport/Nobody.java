package dev.culvert.transport;

import dev.culvert.sansio.TransportAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port at which nobody listens, and nobody else can as long as this holds it: a port that was
 * merely free a moment ago may be given to somebody.
 *
 * @param address the port
 * @param holder what holds it
 */
record Nobody(TransportAddress address, Closeable holder) implements AutoCloseable {

  /** A TCP port that is bound and does not listen. */
  static Nobody tcp(String ip) throws IOException {
    Socket bound = new Socket();
    bound.bind(Loopback.at(ip).toSocketAddress());
    return new Nobody(
        TransportAddress.of((InetSocketAddress) bound.getLocalSocketAddress()), bound);
  }

  /** A UDP port that hears itself alone. */
  static Nobody udp(String ip) throws IOException {
    DatagramSocket lonely = new DatagramSocket(Loopback.at(ip).toSocketAddress());
    lonely.connect(lonely.getLocalSocketAddress());
    return new Nobody(new TransportAddress(Loopback.ip(ip), lonely.getLocalPort()), lonely);
  }

  /** Lets somebody have it. */
  void leave() throws IOException {
    holder.close();
  }

  @Override
  public void close() throws IOException {
    leave();
  }
}
