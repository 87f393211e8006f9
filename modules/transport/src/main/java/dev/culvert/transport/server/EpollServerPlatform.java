package dev.culvert.transport.server;

import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.io.IOException;
import java.net.Inet6Address;

/**
 * Linux epoll with recvmmsg and sendmmsg. Nothing else here refers to Netty's epoll classes, and
 * this class is touched on Linux only.
 */
final class EpollServerPlatform implements ServerPlatform {
  /** Datagrams that one recvmmsg asks for. */
  private static final int BATCH = 32;

  /** The bytes for each; of a power of two, few sets of a cache would hold all their beginnings. */
  private static final int SLOT = MAX_DATAGRAM + 64;

  private static final ChannelOption<Integer> IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  static boolean isAvailable() {
    return Epoll.isAvailable();
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return EpollIoHandler.newFactory();
  }

  @Override
  public DatagramChannel datagramChannel(SocketProtocolFamily family) {
    return new EpollDatagramChannel(family);
  }

  @Override
  public ServerSocketChannel serverChannel(SocketProtocolFamily family) {
    return new EpollServerSocketChannel(family);
  }

  @Override
  public void tune(Bootstrap bootstrap) {
    bootstrap
        .option(UnixChannelOption.SO_REUSEPORT, true)
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, SLOT)
        .option(
            ChannelOption.RECVBUF_ALLOCATOR,
            // One recvmmsg a turn: asking again would nearly always find nothing.
            new FixedRecvByteBufAllocator(BATCH * SLOT));
  }

  @Override
  public int probe(EventLoop loop, TransportAddress address) throws IOException {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> datagramChannel(Binder.family(address)))
            .handler(new ChannelInboundHandlerAdapter())
            .localAddress(address.toSocketAddress());
    if (address.isIpv6()) {
      bootstrap.option(IPV6_V6ONLY, 1);
    }
    ChannelFuture binding = bootstrap.bind().awaitUninterruptibly();
    if (binding.cause() != null) {
      throw new IOException(binding.cause().getMessage(), binding.cause());
    }
    int port = Binder.port(binding.channel());
    binding.channel().close().awaitUninterruptibly();
    return port;
  }

  @Override
  public void oneFamily(AbstractBootstrap<?, ?> bootstrap, SocketProtocolFamily family) {
    if (family == SocketProtocolFamily.INET6) {
      bootstrap.option(IPV6_V6ONLY, 1);
    }
  }

  @Override
  public boolean sharesPorts() {
    return true;
  }

  @Override
  public boolean tellsOriginalDestination() {
    return true;
  }

  @Override
  public void tellOriginalDestination(Bootstrap bootstrap) {
    // Netty's recvmmsg leaves control messages out, its recvmsg does not.
    bootstrap
        .option(EpollChannelOption.IP_RECVORIGDSTADDR, true)
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 0)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(MAX_DATAGRAM));
  }

  @Override
  public void tuneRelay(DatagramChannel channel, RelaySockets sockets) {
    channel.config().setOption(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, ReceiveSlots.SLOT);
    channel.config().setOption(ChannelOption.RECVBUF_ALLOCATOR, sockets.slots);
  }

  @Override
  public void openRelay(RelaySockets.Opening opening) {
    EpollRelayPort.open(opening);
  }

  @Override
  public DatagramSender sender(DatagramChannel channel, RelayLoop relay) {
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    boolean ipv6 = channel.localAddress().getAddress() instanceof Inet6Address;
    return new NativeSender(socket, ipv6, relay.sockets.slots, relay.sockets.batch);
  }

  @Override
  public boolean cutsDatagrams() {
    return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  @Override
  public boolean canForbidFragments() {
    return true;
  }

  @Override
  public SocketChannel socketChannel(SocketProtocolFamily family) {
    return new EpollSocketChannel(family);
  }

  @Override
  public void shareStreamPort(Channel channel) throws IOException {
    // Beside a socket that listens, Linux wants both; of connections Netty sets the first alone.
    Socket socket = (Socket) ((UnixChannel) channel).fd();
    socket.setReuseAddress(true);
    socket.setReusePort(true);
  }

  @Override
  public boolean isDualStack() {
    return false;
  }
}
