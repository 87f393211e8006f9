package dev.culvert.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DatagramTuningTest {

  private static List<Integer> options(DatagramChannel channel, boolean ipv6) {
    int level = ipv6 ? 41 : 0;
    ChannelOption<Integer> hops = new IntegerUnixChannelOption("hops", level, ipv6 ? 16 : 2);
    ChannelOption<Integer> discovery =
        new IntegerUnixChannelOption("discovery", level, ipv6 ? 23 : 10);
    return List.of(channel.config().getOption(hops), channel.config().getOption(discovery));
  }

  /** The socket's options are what the kernel puts into the next datagram. */
  @ParameterizedTest
  @MethodSource("dev.culvert.transport.Loopback#everywhere")
  void setsTheOptionsAndPutsThemBack(boolean nio, String address) {
    Platform platform = Platform.choose(nio);
    assertEquals(platform.name().equals("epoll"), platform.tuning().isPresent());
    boolean ipv6 = Loopback.at(address).isIpv6();
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, platform.ioHandlerFactory());
    try {
      DatagramChannel channel =
          (DatagramChannel)
              new Bootstrap()
                  .group(loops)
                  .channelFactory(() -> platform.datagramChannel(family))
                  .handler(new ChannelInboundHandlerAdapter())
                  .bind(Loopback.at(address).toSocketAddress())
                  .syncUninterruptibly()
                  .channel();
      platform
          .tuning()
          .ifPresent(
              tuning -> {
                List<Integer> before = options(channel, ipv6);
                Runnable restore = tuning.apply(channel, ipv6, 3, true);
                assertEquals(List.of(3, 3), options(channel, ipv6));
                restore.run();
                assertEquals(before, options(channel, ipv6));
              });
    } finally {
      loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  @Test
  void nioCannot() {
    assertEquals(Optional.empty(), new NioPlatform().tuning());
    assertTrue(Platform.choose(true) instanceof NioPlatform);
  }
}
