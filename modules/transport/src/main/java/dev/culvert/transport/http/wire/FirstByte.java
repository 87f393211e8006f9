package dev.culvert.transport.http.wire;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells that bytes came, before anybody knows whether they are a request. */
final class FirstByte extends ChannelInboundHandlerAdapter {
  private final Exchanges exchanges;

  FirstByte(Exchanges exchanges) {
    this.exchanges = exchanges;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    exchanges.bytesCame();
    ctx.fireChannelRead(message);
  }
}
