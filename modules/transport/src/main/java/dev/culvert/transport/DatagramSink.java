package dev.culvert.transport;

import io.netty.buffer.ByteBuf;

/** Takes datagrams from one sender on a {@link DatagramLane}; called on its event loop. */
public interface DatagramSink {

  /** A datagram came. Its reference is the sink's from now on. */
  void datagram(ByteBuf data);

  /** What was read at once has all been brought. */
  void readComplete();

  /** Whether the lane has room is another matter now. */
  void writabilityChanged();
}
