package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * Sends datagrams from one UDP socket. What the system does not take at once is dropped, as a
 * network would. Belongs to the socket's loop.
 */
interface DatagramSender {
  /**
   * Sends a part of {@code data}, at the latest when the loop flushes: until then the memory must
   * stay as it is.
   */
  void send(ByteBuf data, int index, int length, InetSocketAddress to);

  /** The same for the readable bytes of what a relay socket received, behind a header. */
  void sendChannelData(int channel, ByteBuf data, InetSocketAddress to);

  /** Sends a message at once. */
  void send(Bytes message, InetSocketAddress to, boolean dontFragment);

  /** Sends what is queued in this object. */
  void flush();
}
