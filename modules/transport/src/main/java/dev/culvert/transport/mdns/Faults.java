package dev.culvert.transport.mdns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;

/** Counts what could not be read; what could not be sent is lost, as on any network. */
final class Faults extends ChannelInboundHandlerAdapter {
  private final Counts counts;

  Faults(Counts counts) {
    this.counts = counts;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (failure instanceof DecoderException) {
      counts.malformed.increment();
    }
  }
}
