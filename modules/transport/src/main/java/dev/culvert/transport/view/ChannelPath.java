package dev.culvert.transport.view;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** What carries the datagrams of a {@link ViewChannel}. */
public interface ChannelPath extends ViewPath {

  /** The peer, as the channel shows it; always the same. */
  InetSocketAddress remoteAddress();

  /** Why nothing can be sent at present; empty if something can. */
  Optional<IOException> outage();

  /** Whether there is room for more; if not, {@link ViewChannel#changed} is to be called later. */
  boolean isWritable();

  /**
   * Sends a datagram.
   *
   * @param data from the reader index on; retained by whoever keeps it after this returns
   * @return why it was dropped; empty if it was not
   */
  Optional<IOException> send(ByteBuf data);

  /** The channel is closed, by whomever. */
  void closed();
}
