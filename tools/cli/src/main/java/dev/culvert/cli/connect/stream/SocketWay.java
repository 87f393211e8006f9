package dev.culvert.cli.connect.stream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A TCP connection. One that is cut off is reset, so that nobody takes half of it for all. */
public final class SocketWay implements TwoWay {
  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private volatile boolean ended;

  /**
   * A connection that stands.
   *
   * @throws IOException if it does not stand any more
   */
  public SocketWay(Socket socket) throws IOException {
    this.socket = socket;
    this.input = socket.getInputStream();
    this.output = new Ending(socket.getOutputStream());
  }

  /** Ends its direction alone. */
  private final class Ending extends FilterOutputStream {
    Ending(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (!ended) {
        ended = true;
        socket.shutdownOutput();
      }
    }
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void close() {
    try {
      if (!ended && !socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException e) {
      // It is gone in any case.
    }
  }
}
