package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerPath;
import dev.culvert.peer.PeerStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletionException;

/** A {@link PeerConnection}, on which each exchange is a stream of its own. */
record PeerLink(PeerConnection connection) implements Link {
  /** An exchange on a stream. */
  record OnStream(PeerStream stream) implements Exchange {
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

  @Override
  public PeerId peer() {
    return connection.peer();
  }

  @Override
  public boolean isDirect() {
    return connection.path().filter(PeerPath::isDirect).isPresent();
  }

  @Override
  public boolean isOver() {
    return connection.over().isDone();
  }

  @Override
  public Exchange open() throws IOException {
    try {
      return new OnStream(connection.open().join());
    } catch (CompletionException e) {
      throw new IOException("no stream: " + e.getCause(), e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
