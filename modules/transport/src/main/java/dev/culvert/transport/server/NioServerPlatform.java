package dev.culvert.transport.server;

import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;

/** The JDK's own channels: everywhere. */
final class NioServerPlatform implements ServerPlatform {
  private static final int READS_PER_BATCH = 64;

  /** Of the longest datagrams; each has a buffer of that length while the batch lasts. */
  private static final int LONG_READS_PER_BATCH = 16;

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return NioIoHandler.newFactory();
  }

  @Override
  public DatagramChannel datagramChannel(SocketProtocolFamily family) {
    return new NioDatagramChannel(family);
  }

  @Override
  public ServerSocketChannel serverChannel(SocketProtocolFamily family) {
    return new NioServerSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public void tune(Bootstrap bootstrap) {
    bootstrap.option(
        ChannelOption.RECVBUF_ALLOCATOR,
        new FixedRecvByteBufAllocator(MAX_DATAGRAM).maxMessagesPerRead(READS_PER_BATCH));
  }

  @Override
  public int probe(EventLoop loop, TransportAddress address) throws IOException {
    // Unlike one of Netty's, which its selector may still hold, this one is gone when it is closed.
    StandardProtocolFamily family =
        address.isIpv4() ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    try (java.nio.channels.DatagramChannel socket =
        java.nio.channels.DatagramChannel.open(family)) {
      socket.bind(address.toSocketAddress());
      return TransportAddress.of((InetSocketAddress) socket.getLocalAddress()).port();
    }
  }

  @Override
  public void oneFamily(AbstractBootstrap<?, ?> bootstrap, SocketProtocolFamily family) {}

  @Override
  public boolean sharesPorts() {
    return false;
  }

  @Override
  public boolean tellsOriginalDestination() {
    return false;
  }

  @Override
  public void tellOriginalDestination(Bootstrap bootstrap) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void tuneRelay(DatagramChannel channel, RelaySockets sockets) {
    channel
        .config()
        .setOption(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(64 << 10).maxMessagesPerRead(LONG_READS_PER_BATCH));
  }

  @Override
  public void openRelay(RelaySockets.Opening opening) {
    DatagramChannel channel = datagramChannel(Binder.family(opening.local()));
    tuneRelay(channel, opening.relay().sockets);
    ChannelRelayPort.open(channel, opening);
  }

  @Override
  public DatagramSender sender(DatagramChannel channel, RelayLoop relay) {
    return new QueuedSender(channel, relay);
  }

  @Override
  public boolean cutsDatagrams() {
    return false;
  }

  @Override
  public boolean canForbidFragments() {
    return false;
  }

  @Override
  public SocketChannel socketChannel(SocketProtocolFamily family) {
    return new NioSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public void shareStreamPort(Channel channel) {
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
  }

  @Override
  public boolean isDualStack() {
    return true;
  }
}
