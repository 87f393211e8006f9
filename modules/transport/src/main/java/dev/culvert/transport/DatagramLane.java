package dev.culvert.transport;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * A UDP socket of a driver's machine, for data that goes past the machine by reference. Got by
 * {@link MachineDriver#lane}; on the driver's event loop only.
 */
public interface DatagramLane {

  /** Whether there is room for more; sinks are told when there is again. */
  boolean isWritable();

  /**
   * Puts a datagram into the socket's queue, until {@link #flush}.
   *
   * @param data from the reader index on; the reference is the lane's from now on
   * @param to of the socket's IP version
   * @return false: it was dropped, because the socket is closed or its queue full
   */
  boolean write(ByteBuf data, InetSocketAddress to);

  /** Whether the system cuts a buffer into datagrams; it may turn out later that it does not. */
  boolean takesSegments();

  /**
   * Puts many datagrams into the socket's queue, until {@link #flush}. Where the system does not
   * cut them, the lane does.
   *
   * @param data all of them, from the reader index on; the reference is the lane's from now on
   * @param segment the length of each, at least 1; the last may be shorter
   * @param to of the socket's IP version
   * @return false: they were dropped, because the socket is closed or its queue full
   */
  boolean write(ByteBuf data, int segment, InetSocketAddress to);

  /** Lets the system have what was written. */
  void flush();

  /**
   * Has what comes from there taken by a sink instead of the machine, unless it looks like STUN
   * (RFC 7983 §7). Ends with the socket, without a word to the sink.
   */
  void divert(InetSocketAddress from, DatagramSink sink);

  /** Ends that, if this sink is the one that takes it. */
  void restore(InetSocketAddress from, DatagramSink sink);
}
