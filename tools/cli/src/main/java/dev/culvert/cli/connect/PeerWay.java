package dev.culvert.cli.connect;

import dev.culvert.cli.connect.stream.StreamSource;
import dev.culvert.cli.connect.stream.TwoWay;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerException;
import dev.culvert.peer.PeerStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A stream of a connection. */
final class PeerWay implements TwoWay {
  private static final long PATIENCE_SECONDS = 60;

  private final PeerStream stream;

  PeerWay(PeerStream stream) {
    this.stream = stream;
  }

  /** Opens streams of this connection. */
  static StreamSource of(PeerConnection connection) {
    return () -> new PeerWay(open(connection));
  }

  private static PeerStream open(PeerConnection connection) throws IOException {
    try {
      return connection.open().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(
          e.getCause() instanceof PeerException fault ? fault.end().words() : "there is no stream",
          e);
    } catch (TimeoutException e) {
      throw new IOException("the other side allows no further stream", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }

  @Override
  public InputStream input() {
    return stream.input();
  }

  @Override
  public OutputStream output() {
    return stream.output();
  }

  @Override
  public void close() {
    stream.close();
  }
}
