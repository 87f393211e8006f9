package dev.culvert.it;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.StreamFraming;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** What messages to a relay travel on. */
interface RawWire extends AutoCloseable {
  /** Whether what is sent arrives, so that nothing need be sent twice. */
  boolean reliable();

  void send(Bytes bytes) throws IOException;

  /** The next message; empty if none comes within {@code limit}. */
  Optional<Bytes> receive(Duration limit) throws IOException;

  @Override
  void close();

  /** Datagrams from a port of their own. */
  static RawWire udp(InetSocketAddress relay) throws IOException {
    return new Datagrams(relay);
  }

  /** A connection. */
  static RawWire tcp(InetSocketAddress relay) throws IOException {
    Socket socket = new Socket(relay.getAddress(), relay.getPort());
    socket.setTcpNoDelay(true);
    return new Stream(socket);
  }

  /** A connection over TLS, whoever the relay is; each piece that is sent is a record. */
  static RawWire tls(InetSocketAddress relay) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustsAnybody()}, null);
      Socket socket = context.getSocketFactory().createSocket(relay.getAddress(), relay.getPort());
      socket.setTcpNoDelay(true);
      return new Stream(socket);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Datagrams to and from the relay. */
  final class Datagrams implements RawWire {
    private final DatagramSocket socket;

    private Datagrams(InetSocketAddress relay) throws IOException {
      InetAddress any = InetAddress.getByAddress(new byte[relay.getAddress().getAddress().length]);
      socket = new DatagramSocket(new InetSocketAddress(any, 0));
      socket.setReceiveBufferSize(4 << 20);
      socket.connect(relay);
    }

    @Override
    public boolean reliable() {
      return false;
    }

    @Override
    public void send(Bytes bytes) throws IOException {
      socket.send(new DatagramPacket(bytes.toByteArray(), bytes.length()));
    }

    @Override
    public Optional<Bytes> receive(Duration limit) throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
      socket.setSoTimeout((int) Math.max(1, limit.toMillis()));
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
      Bytes all = Bytes.wrap(packet.getData());
      return Optional.of(Bytes.copyOf(all.slice(0, packet.getLength()).toByteArray()));
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  /** A connection to the relay. */
  final class Stream implements RawWire {
    private final Socket socket;
    private final StreamFraming framing = new StreamFraming(true, 65_600);
    private final Queue<Bytes> complete = new ArrayDeque<>();

    private Stream(Socket socket) {
      this.socket = socket;
    }

    @Override
    public boolean reliable() {
      return true;
    }

    @Override
    public void send(Bytes bytes) throws IOException {
      socket.getOutputStream().write(bytes.toByteArray());
    }

    @Override
    public Optional<Bytes> receive(Duration limit) throws IOException {
      long deadline = System.nanoTime() + limit.toNanos();
      byte[] piece = new byte[65536];
      while (complete.isEmpty()) {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
          return Optional.empty();
        }
        socket.setSoTimeout((int) left);
        try {
          int count = socket.getInputStream().read(piece);
          if (count < 0) {
            throw new IOException("the relay has closed the connection");
          }
          complete.addAll(framing.feed(Bytes.copyOf(piece).slice(0, count)));
        } catch (SocketTimeoutException e) {
          return Optional.empty();
        }
      }
      return Optional.of(complete.remove());
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** For a lab, which nobody else is in. */
  final class TrustsAnybody extends X509ExtendedTrustManager {
    private TrustsAnybody() {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
