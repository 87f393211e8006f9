package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A connection to another peer of the swarm. Safe for any thread. */
interface Link extends AutoCloseable {
  /** A question and its answer: bytes in both directions, each of which ends by itself. */
  interface Exchange extends AutoCloseable {
    InputStream input() throws IOException;

    OutputStream output() throws IOException;

    @Override
    void close();
  }

  /** Who is at the other end. */
  PeerId peer();

  /** Whether bytes go straight there at present, and not through a relay. */
  boolean isDirect();

  /** Whether it is over. */
  boolean isOver();

  /** Begins an exchange; blocks until the peer allows one more. */
  Exchange open() throws IOException;

  @Override
  void close();
}
