package dev.culvert.transport.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;

/** A relayed address's socket as one of Netty's channels, which every platform has. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class ChannelRelayPort extends ChannelInboundHandlerAdapter implements RelayPort {
  private final PeerDatagrams receiver;
  private final DatagramChannel channel;
  private final DatagramSender sender;

  private ChannelRelayPort(DatagramChannel channel, DatagramSender sender, PeerDatagrams receiver) {
    this.channel = channel;
    this.sender = sender;
    this.receiver = receiver;
  }

  /** Registers, binds and hands over a channel. */
  static void open(DatagramChannel channel, RelaySockets.Opening opening) {
    opening
        .relay()
        .loop
        .eventLoop
        .register(channel)
        .addListener(
            registered -> {
              if (registered.isSuccess()) {
                bind(channel, opening);
              } else {
                opening.failed(registered.cause());
              }
            });
  }

  private static void bind(DatagramChannel channel, RelaySockets.Opening opening) {
    channel
        .bind(opening.local().toSocketAddress())
        .addListener(
            bound -> {
              if (bound.isSuccess()) {
                add(channel, opening);
              } else {
                channel.close();
                opening.failed(bound.cause());
              }
            });
  }

  private static void add(DatagramChannel channel, RelaySockets.Opening opening) {
    DatagramSender sender = opening.relay().platform.sender(channel, opening.relay());
    PeerDatagrams receiver = opening.receiver(channel.localAddress());
    ChannelRelayPort port = new ChannelRelayPort(channel, sender, receiver);
    channel.pipeline().addLast(port);
    opening.opened(port, channel.localAddress());
  }

  @Override
  public DatagramSender sender() {
    return sender;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    DatagramPacket packet = (DatagramPacket) message;
    try {
      receiver.receive(packet.content(), packet.sender());
    } finally {
      packet.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    receiver.endBatch();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    receiver.failed();
  }

  @Override
  public void close() {
    channel.close();
  }
}
