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

  /** Whether many datagrams in one buffer are less work for it than one by one. */
  default boolean takesSegments() {
    return false;
  }

  /**
   * Sends many datagrams of one length.
   *
   * @param data all of them, from the reader index on; retained by whoever keeps it after this
   *     returns
   * @param segment the length of each, at least 1; the last may be shorter
   * @return why some were dropped; empty if none was
   */
  default Optional<IOException> send(ByteBuf data, int segment) {
    Optional<IOException> fault = Optional.empty();
    for (int at = 0; at < data.readableBytes() && fault.isEmpty(); at += segment) {
      int length = Math.min(segment, data.readableBytes() - at);
      fault = send(data.slice(data.readerIndex() + at, length));
    }
    return fault;
  }

  /** The channel is closed, by whomever. */
  void closed();
}
