package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;

/** What a {@link QuicLink} tells, on its event loop. */
public interface QuicListener {
  /** Both sides have proven their keys to each other. */
  void ready();

  /** The peer opened a stream; nothing of it is read before somebody asks. */
  void stream(QuicStream stream);

  /** A datagram came; it is released by the link afterwards. */
  void datagram(ByteBuf data);

  /** The path seems to carry nothing any more: what was sent is not answered. */
  void silent();

  /** It is over. Nothing follows. */
  void over(QuicEnd end);
}
