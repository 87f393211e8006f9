package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Opens UDP sockets the way the platform likes them, and says clearly why it cannot. */
final class Binder {
  /** What the kernel may keep for a loop that is busy; it may grant less. */
  private static final int SOCKET_BUFFER = 4 << 20;

  /** Beyond this, responses that the kernel does not take are dropped, as UDP would. */
  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(512 << 10, 1 << 20);

  final ServerPlatform platform;

  Binder(ServerPlatform platform) {
    this.platform = platform;
  }

  static SocketProtocolFamily family(TransportAddress address) {
    return address.isIpv4() ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
  }

  /** A bootstrap for one UDP socket on {@code loop}. */
  Bootstrap datagrams(EventLoop loop, TransportAddress address, ChannelHandler handler) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> platform.datagramChannel(family(address)))
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
            .handler(handler)
            .localAddress(address.toSocketAddress());
    platform.tune(bootstrap);
    return bootstrap;
  }

  /**
   * Finds out whether nobody else has a UDP port, which sockets that share ports would not notice.
   *
   * @return the address with the port that the system chose, if it was to choose
   */
  TransportAddress probe(EventLoop loop, Transport transport, TransportAddress address)
      throws ListenException {
    try {
      return address.withPort(platform.probe(loop, address));
    } catch (IOException e) {
      throw explain(e, transport, address);
    }
  }

  static int port(Channel channel) {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** The bound channel. */
  static Channel await(ChannelFuture binding, Transport transport, TransportAddress address)
      throws ListenException {
    binding.awaitUninterruptibly();
    Throwable failure = binding.cause();
    if (failure == null) {
      return binding.channel();
    }
    throw explain(failure, transport, address);
  }

  /** What the system said, in one line. */
  static String text(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }

  private static ListenException explain(
      Throwable failure, Transport transport, TransportAddress address) {
    String text = text(failure);
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("in use")) {
      return new ListenException(
          ListenException.Reason.IN_USE, transport, address, "the port is taken", failure);
    }
    if (lower.contains("assign requested") || lower.contains("not valid in its context")) {
      String detail = "no interface of this machine has that address";
      return new ListenException(
          ListenException.Reason.NOT_LOCAL, transport, address, detail, failure);
    }
    if (lower.contains("denied")
        || lower.contains("not permitted")
        || lower.contains("forbidden")) {
      String detail = "the system does not permit it";
      return new ListenException(
          ListenException.Reason.NOT_PERMITTED, transport, address, detail, failure);
    }
    return new ListenException(ListenException.Reason.OTHER, transport, address, text, failure);
  }
}
