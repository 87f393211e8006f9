package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Has the codec see at once that the handshake is over. It ends while the codec sends its own last
 * flight, but the codec looks only when a packet comes (Netty 4.2), and the next one comes a round
 * trip later. So the packet before that is handed in a second time, which QUIC drops (RFC 9000
 * §12.3).
 */
final class PromptHandshake extends ChannelInboundHandlerAdapter {
  private static final int LONG_HEADER = 0x80;

  private final BooleanSupplier over;
  private @Nullable DatagramPacket last;

  /**
   * For one link.
   *
   * @param over whether nothing is waited for any more
   */
  PromptHandshake(BooleanSupplier over) {
    this.over = over;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (over.getAsBoolean() || !(message instanceof DatagramPacket packet) || !isLong(packet)) {
      context.fireChannelRead(message);
      return;
    }
    release();
    last = copy(context, packet);
    context.fireChannelRead(message);
    // What follows may be readable only once this was answered.
    channelReadComplete(context);
  }

  private static boolean isLong(DatagramPacket packet) {
    ByteBuf data = packet.content();
    return data.isReadable() && (data.getByte(data.readerIndex()) & LONG_HEADER) != 0;
  }

  /** The codec decrypts where the bytes are. */
  private static DatagramPacket copy(ChannelHandlerContext context, DatagramPacket packet) {
    ByteBuf data = packet.content();
    ByteBuf copy = context.alloc().directBuffer(data.readableBytes());
    copy.writeBytes(data, data.readerIndex(), data.readableBytes());
    return new DatagramPacket(copy, packet.recipient(), packet.sender());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.fireChannelReadComplete();
    DatagramPacket again = last;
    last = null;
    if (again != null) {
      // After what the codec has put off.
      context.executor().execute(() -> repeat(context, again));
    }
  }

  private void repeat(ChannelHandlerContext context, DatagramPacket packet) {
    if (context.isRemoved() || over.getAsBoolean()) {
      packet.release();
      return;
    }
    context.fireChannelRead(packet);
    context.fireChannelReadComplete();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    if (last != null) {
      last.release();
      last = null;
    }
  }
}
