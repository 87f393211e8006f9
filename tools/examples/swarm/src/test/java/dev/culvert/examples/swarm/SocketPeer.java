package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A peer whose links are sockets of this host: an exchange is a TCP connection. */
final class SocketPeer implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final PeerId id;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** An exchange over TCP. */
  private record OverTcp(Socket socket) implements Link.Exchange {
    @Override
    public InputStream input() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream output() throws IOException {
      OutputStream out = socket.getOutputStream();
      return new OutputStream() {
        @Override
        public void write(int value) throws IOException {
          out.write(value);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          out.write(bytes, from, length);
        }

        @Override
        public void close() throws IOException {
          if (!socket.isClosed()) {
            socket.shutdownOutput();
          }
        }
      };
    }

    @Override
    public void close() {
      closeQuietly(socket);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A peer that answers with {@code desk}, which may block. */
  SocketPeer(int seed, Consumer<Link.Exchange> desk) throws IOException {
    id = PeerKey.generate(new Random(seed)).id();
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(() -> accept(desk), "socket-peer");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(Consumer<Link.Exchange> desk) {
    try {
      while (true) {
        Socket socket = server.accept();
        open.add(socket);
        desk.accept(new OverTcp(socket));
      }
    } catch (IOException e) {
      // It is closed.
    }
  }

  PeerId id() {
    return id;
  }

  /** A way to it. */
  Link link(boolean direct) {
    return new Link() {
      private volatile boolean over;

      @Override
      public PeerId peer() {
        return id;
      }

      @Override
      public boolean isDirect() {
        return direct;
      }

      @Override
      public boolean isOver() {
        return over || server.isClosed();
      }

      @Override
      public Exchange open() throws IOException {
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return new OverTcp(socket);
      }

      @Override
      public void close() {
        over = true;
      }
    };
  }

  /** Dies, with all that it was about to say. */
  @Override
  public void close() throws IOException {
    server.close();
    open.forEach(SocketPeer::closeQuietly);
  }
}
