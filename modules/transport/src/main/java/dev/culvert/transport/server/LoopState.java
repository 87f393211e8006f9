package dev.culvert.transport.server;

import dev.culvert.stun.BindingReply;
import io.netty.channel.EventLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the handlers of one event loop share. Belongs to that loop. */
final class LoopState {
  /** More than any request that is read and any response to it. */
  private static final int SCRATCH = 2 * ServerPlatform.MAX_DATAGRAM;

  final EventLoop eventLoop;
  final ServerCounts counts = new ServerCounts();
  final ResponseLimiter limiter;
  final BindingReply reply = new BindingReply();
  final ResponseBuffers responses = new ResponseBuffers();
  final byte[] requestBytes = new byte[SCRATCH];
  final byte[] responseBytes = new byte[SCRATCH];

  /** A view of {@link #requestBytes}. */
  final ByteBuffer request = ByteBuffer.wrap(requestBytes);

  /** A view of {@link #responseBytes}; responses begin at its index 0. */
  final ByteBuffer response = ByteBuffer.wrap(responseBytes);

  /** The relay, if there is one; set before the loop has any socket. */
  @Nullable RelayLoop relay;

  LoopState(EventLoop eventLoop, ResponseLimiter limiter) {
    this.eventLoop = eventLoop;
    this.limiter = limiter;
  }
}
