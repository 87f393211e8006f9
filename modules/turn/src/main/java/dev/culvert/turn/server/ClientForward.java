package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import java.net.InetSocketAddress;

/** Where a peer's datagram goes on to. Belongs to the engine's thread. */
public final class ClientForward {
  private final Flow client;
  private final InetSocketAddress remote;
  private final int channel;

  ClientForward(Flow client, int channel) {
    this.client = client;
    this.remote = client.remote().toSocketAddress();
    this.channel = channel;
  }

  /** The client's flow: for UDP its id is that of the server's socket. */
  public Flow client() {
    return client;
  }

  /** The client's address in the form that sockets take. */
  public InetSocketAddress remote() {
    return remote;
  }

  /**
   * The channel number that the datagram travels under; 0: there is none, and the datagram has to
   * go through {@link TurnServer#receive}, which makes a Data indication of it.
   */
  public int channel() {
    return channel;
  }
}
