package dev.culvert.peer;

import dev.culvert.transport.quic.QuicStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * What both sides say on the caller's first stream before either reports a connection: one byte for
 * the version, then what that version does not know (docs/protocol.md §12). TLS 1.3 lets a client
 * believe in a connection that the server is about to refuse (RFC 8446 §4.4.4).
 */
final class Greeting extends ChannelInboundHandlerAdapter {
  private static final int VERSION = 1;
  private static final int LONGEST = 256;

  private final Runnable greeted;
  private final Runnable broken;
  private int length;
  private int version;

  private Greeting(Runnable greeted, Runnable broken) {
    this.greeted = greeted;
    this.broken = broken;
  }

  /**
   * Waits for the peer's; on the loop, as what is run is.
   *
   * @param greeted is run if it can be understood
   * @param broken is run if it cannot
   */
  static void await(QuicStream stream, Runnable greeted, Runnable broken) {
    Channel channel = stream.channel();
    channel.pipeline().addLast(new Greeting(greeted, broken));
    channel.config().setAutoRead(true);
  }

  /** Says this side's, and nothing more on this stream. */
  static void say(QuicStream stream) {
    ByteBuf text = stream.channel().alloc().directBuffer(1).writeByte(VERSION);
    ChannelFuture unused = stream.channel().writeAndFlush(text);
    finish(stream);
  }

  private static void finish(QuicStream stream) {
    ChannelFuture unused = stream.end();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf data = (ByteBuf) message;
    if (length == 0 && data.isReadable()) {
      version = data.getUnsignedByte(data.readerIndex());
    }
    length += data.readableBytes();
    data.release();
    if (length > LONGEST) {
      broken.run();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      if (version == VERSION) {
        greeted.run();
      } else {
        broken.run();
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    broken.run();
  }
}
