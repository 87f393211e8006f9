package dev.culvert.transport;

import dev.culvert.sansio.TransportAddress;

/** A socket that accepts connections; safe for any thread. */
public final class Listening implements AutoCloseable {
  private final TransportAddress local;
  private final Runnable closing;

  Listening(TransportAddress local, Runnable closing) {
    this.local = local;
    this.closing = closing;
  }

  /** The address it has, its port never 0. */
  public TransportAddress local() {
    return local;
  }

  /** Accepts no more; TCP and TLS connections that stand go on, those of DTLS end with it. */
  @Override
  public void close() {
    closing.run();
  }
}
