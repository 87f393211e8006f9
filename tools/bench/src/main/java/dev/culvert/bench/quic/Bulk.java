package dev.culvert.bench.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;

/**
 * Either end of a stream on which blocks go one way, as fast as it takes them. The first byte of a
 * block says whether it is the last one for now, which the receiving end answers with the number of
 * blocks since the one before. Everything but {@link #run} and {@link #attach} is on the loop.
 */
final class Bulk extends ChannelInboundHandlerAdapter {
  /** Bytes of a block. */
  static final int BLOCK = 1 << 16;

  private static final int ANSWER = 8;
  private static final byte MORE = 0;
  private static final byte LAST = 1;

  private final boolean sends;
  private final ByteBuf more = block(MORE);
  private final ByteBuf last = block(LAST);
  private final ByteBuf answer = Unpooled.buffer(ANSWER, ANSWER);
  private CompletableFuture<Channel> attached = new CompletableFuture<>();
  private CompletableFuture<Long> answered = new CompletableFuture<>();
  private boolean running;
  private long until;
  private int position;
  private boolean ending;
  private long blocks;

  /** An end; {@code sends} says which. */
  Bulk(boolean sends) {
    this.sends = sends;
  }

  private static ByteBuf block(byte first) {
    ByteBuf block = Unpooled.directBuffer(BLOCK, BLOCK);
    block.writeByte(first);
    for (int i = 1; i < BLOCK; i++) {
      block.writeByte(i * 31);
    }
    return Unpooled.unreleasableBuffer(block);
  }

  /** Puts it into the pipeline of a stream. */
  void attach(Channel stream) {
    stream.pipeline().addLast(this);
    stream.config().setAutoRead(true);
    attached.complete(stream);
  }

  /** Sends for so long; completes with the number of blocks that came. */
  CompletableFuture<Long> run(double seconds) {
    CompletableFuture<Long> result = new CompletableFuture<>();
    Channel stream = attached.join();
    stream
        .eventLoop()
        .execute(
            () -> {
              answered = result;
              until = System.nanoTime() + Math.round(seconds * 1e9);
              running = true;
              pump(stream);
            });
    return result;
  }

  private void pump(Channel stream) {
    while (running && stream.isWritable()) {
      running = System.nanoTime() < until;
      ChannelFuture unused = stream.writeAndFlush((running ? more : last).retainedDuplicate());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    pump(context.channel());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf data = (ByteBuf) message;
    try {
      while (data.isReadable()) {
        if (sends) {
          takeAnswer(data);
        } else {
          takeBlock(context, data);
        }
      }
    } finally {
      data.release();
    }
  }

  private void takeAnswer(ByteBuf data) {
    answer.writeByte(data.readByte());
    if (answer.readableBytes() == ANSWER) {
      answered.complete(answer.readLong());
      answer.clear();
    }
  }

  private void takeBlock(ChannelHandlerContext context, ByteBuf data) {
    if (position == 0) {
      ending = data.getByte(data.readerIndex()) == LAST;
    }
    int taken = Math.min(data.readableBytes(), BLOCK - position);
    data.skipBytes(taken);
    position += taken;
    if (position == BLOCK) {
      position = 0;
      blocks++;
      if (ending) {
        ChannelFuture unused =
            context.writeAndFlush(context.alloc().buffer(ANSWER).writeLong(blocks));
        blocks = 0;
      }
    }
  }

  /** A stream that ended must not leave anybody waiting. */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answered.completeExceptionally(new IllegalStateException("the stream ended"));
  }
}
