package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** Takes connections at a port of this host, each of which becomes a stream to the other side. */
public final class TcpForward implements AutoCloseable {
  /** How many at once; further ones wait to be taken. */
  static final int MOST = 64;

  private final ServerSocket server;
  private final Target target;
  private final StreamSource streams;
  private final Consumer<String> complaints;
  private final Semaphore free = new Semaphore(MOST);
  private final Set<TwoWay> open = ConcurrentHashMap.newKeySet();

  private TcpForward(
      ServerSocket server, Target target, StreamSource streams, Consumer<String> complaints) {
    this.server = server;
    this.target = target;
    this.streams = streams;
    this.complaints = complaints;
  }

  /**
   * Begins to take them.
   *
   * @param complaints is told in one line why a connection came to nothing
   * @throws IOException if it cannot listen there
   */
  public static TcpForward start(
      InetSocketAddress at, Target target, StreamSource streams, Consumer<String> complaints)
      throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.bind(at);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    TcpForward forward = new TcpForward(server, target, streams, complaints);
    Threads.start("culvert-forward", forward::accept);
    return forward;
  }

  /** Where it listens. */
  public InetSocketAddress local() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        free.acquire();
        Socket socket = server.accept();
        Threads.start("culvert-forward", () -> serve(socket));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      if (!server.isClosed()) {
        complaints.accept("no more connections are taken: " + e.getMessage());
      }
    }
  }

  private void serve(Socket socket) {
    try (TwoWay near = new SocketWay(socket)) {
      open.add(near);
      try (TwoWay far = streams.open()) {
        new Purpose.Forward(target).ask(far);
        Copy.both(near, far);
      } finally {
        open.remove(near);
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        complaints.accept(target + ": " + e.getMessage());
      }
    } finally {
      free.release();
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      // It listens no more.
    }
    open.forEach(TwoWay::close);
  }
}
