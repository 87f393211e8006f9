package dev.culvert.transport.server;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Output;
import dev.culvert.turn.server.ClientForward;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One of two connections that are joined (RFC 6062): what it reads the other writes, no faster than
 * the other takes it. A peer's is not read before it is joined. The client's may be on another loop
 * than the engine that knows both.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, which is told.
final class Pipe extends ChannelInboundHandlerAdapter implements ClientSink {
  /** How long the last bytes may take to leave. */
  private static final int LAST_WORDS_SECONDS = 10;

  private final RelayLoop home;
  private final long id;
  private final Channel channel;
  // The system hands over what it has when a peer ends a connection that is not read yet.
  private final Queue<ByteBuf> early = new ArrayDeque<>();
  private @Nullable Pipe other;
  private int uncounted;
  // Netty's epoll takes a socket whose input ended for good out of the set, and fails at adding it
  // again: nothing may be asked of such a one but to send what the system takes at once.
  private volatile boolean inputDone;
  private boolean outputDone;

  /**
   * A connection that is not joined yet.
   *
   * @param home the relay that knows it
   * @param id its flow's
   */
  Pipe(RelayLoop home, long id, Channel channel) {
    this.home = home;
    this.id = id;
    this.channel = channel;
  }

  /** Joins it; to be called on the channel's loop, or before it handles anything. */
  void join(Pipe partner) {
    other = partner;
    for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
      pass(partner, bytes);
    }
    partner.channel.flush();
    if (channel instanceof SocketChannel socket && !isSecure()) {
      socket.config().setAllowHalfClosure(true);
    }
    if (inputDone) {
      partner.finishOutput();
    } else {
      channel.config().setAutoRead(true);
    }
  }

  private boolean isSecure() {
    return channel.pipeline().get(SslHandler.class) != null;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
    } else if (other == null) {
      early.add(bytes);
    } else {
      pass(other, bytes);
    }
  }

  private void pass(Pipe partner, ByteBuf bytes) {
    uncounted += bytes.readableBytes();
    partner.channel.write(bytes, partner.channel.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    Pipe partner = other;
    if (partner == null) {
      return;
    }
    partner.channel.flush();
    int bytes = uncounted;
    uncounted = 0;
    home.execute(() -> home.countSpliced(id, bytes));
    if (!partner.channel.isWritable()) {
      channel.config().setAutoRead(false);
      // It may have become so in between, on another thread.
      if (partner.channel.isWritable()) {
        channel.config().setAutoRead(true);
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (other != null && channel.isWritable() && !other.inputDone) {
      other.channel.config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputDone = true;
      if (other != null) {
        other.finishOutput();
      }
      closeIfDone();
    }
  }

  private void finishOutput() {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              outputDone = true;
              if (channel instanceof SocketChannel socket && !isSecure()) {
                socket.shutdownOutput();
                closeIfDone();
              } else {
                channel.close();
              }
            });
  }

  private void closeIfDone() {
    if (inputDone && outputDone) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    gone();
  }

  /** Tells the engine that the connection is no more. */
  void gone() {
    early.forEach(ByteBuf::release);
    early.clear();
    home.execute(() -> home.closed(id, CloseCause.FINISHED, "the connection ended"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    channel.close();
  }

  @Override
  public void send(Output.Send send) {
    channel.writeAndFlush(Unpooled.wrappedBuffer(send.payload().asByteBuffer()));
  }

  @Override
  public void relay(ClientForward to, ByteBuf data) {
    // A data connection carries nothing but what its partner reads.
  }

  @Override
  public void close() {
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    channel.eventLoop().schedule(() -> channel.close(), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
  }
}
