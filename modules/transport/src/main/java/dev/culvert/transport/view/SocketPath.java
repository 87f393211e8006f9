package dev.culvert.transport.view;

import dev.culvert.sansio.TransportAddress;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/** What carries the datagrams of a {@link ViewSocket}. */
public interface SocketPath extends ViewPath {

  /** The only one that it leads to; empty if it leads to anybody. */
  Optional<TransportAddress> onlyPeer();

  /**
   * Sends a datagram, or drops it if it cannot.
   *
   * @param data from the reader index on; retained by whoever keeps it after this returns
   */
  void send(TransportAddress peer, ByteBuf data);

  /** The socket is closed by its owner; called on any thread. */
  void closed();
}
