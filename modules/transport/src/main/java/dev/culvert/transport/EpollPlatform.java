package dev.culvert.transport;

import dev.culvert.sansio.Output;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
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
import java.util.Map;
import java.util.Optional;

/**
 * Linux epoll. Nothing else refers to Netty's epoll classes, and this class is touched on Linux
 * only.
 */
final class EpollPlatform implements Platform, DatagramTuning {
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int PMTUDISC_PROBE = 3;

  private static final ChannelOption<Integer> SO_REUSEPORT =
      new IntegerUnixChannelOption("SO_REUSEPORT", 1, 15);
  private static final ChannelOption<Integer> IP_TTL =
      new IntegerUnixChannelOption("IP_TTL", IPPROTO_IP, 2);
  private static final ChannelOption<Integer> IP_MTU_DISCOVER =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, 10);
  private static final ChannelOption<Integer> IPV6_UNICAST_HOPS =
      new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", IPPROTO_IPV6, 16);
  private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
      new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, 23);
  private static final ChannelOption<Integer> IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);

  /** Linux takes it as "back to what the route says". */
  private static final int ROUTE_HOPS = -1;

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
  public SocketChannel socketChannel(SocketProtocolFamily family) {
    return new EpollSocketChannel(family);
  }

  @Override
  public ServerSocketChannel serverChannel(SocketProtocolFamily family) {
    return new EpollServerSocketChannel(family);
  }

  @Override
  public Map<ChannelOption<?>, Object> datagramOptions(
      SocketProtocolFamily family, boolean wildcard) {
    if (family == SocketProtocolFamily.INET6) {
      return Map.of(IPV6_V6ONLY, 1);
    }
    return wildcard ? Map.of(EpollChannelOption.IP_RECVORIGDSTADDR, true) : Map.of();
  }

  @Override
  public Map<ChannelOption<?>, Object> serverOptions(SocketProtocolFamily family) {
    return family == SocketProtocolFamily.INET6
        ? Map.of(ChannelOption.SO_REUSEADDR, true, IPV6_V6ONLY, 1)
        : Map.of(ChannelOption.SO_REUSEADDR, true);
  }

  @Override
  public Map<ChannelOption<?>, Object> sharedPortOptions() {
    return Map.of(ChannelOption.SO_REUSEADDR, true, SO_REUSEPORT, 1);
  }

  @Override
  public Optional<DatagramTuning> tuning() {
    return Optional.of(this);
  }

  @Override
  public Runnable apply(DatagramChannel channel, boolean ipv6, int ttl, boolean dontFragment) {
    ChannelOption<Integer> hops = ipv6 ? IPV6_UNICAST_HOPS : IP_TTL;
    ChannelOption<Integer> discovery = ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER;
    int oldDiscovery = dontFragment ? channel.config().getOption(discovery) : 0;
    if (ttl != Output.SYSTEM_TTL) {
      channel.config().setOption(hops, ttl);
    }
    if (dontFragment) {
      channel.config().setOption(discovery, PMTUDISC_PROBE);
    }
    return () -> {
      if (ttl != Output.SYSTEM_TTL) {
        channel.config().setOption(hops, ROUTE_HOPS);
      }
      if (dontFragment) {
        channel.config().setOption(discovery, oldDiscovery);
      }
    };
  }

  @Override
  public boolean sendsSegments() {
    return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
  }

  @Override
  public void receiveJoined(DatagramChannel channel) {
    try {
      channel.config().setOption(EpollChannelOption.UDP_GRO, true);
    } catch (ChannelException e) {
      // Before Linux 5.0: they come one by one.
    }
  }

  @Override
  public String name() {
    return "epoll";
  }
}
