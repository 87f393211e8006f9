package dev.culvert.transport;

import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.util.Map;
import java.util.Optional;

/** Which of Netty's transports carries the sockets, and what it can do beyond the JDK. */
interface Platform {

  /** Epoll where its native library loads and nobody asked for NIO; NIO elsewhere. */
  static Platform choose(boolean nioOnly) {
    boolean linux = System.getProperty("os.name", "").startsWith("Linux");
    if (linux && !nioOnly && EpollPlatform.isAvailable()) {
      return new EpollPlatform();
    }
    return new NioPlatform();
  }

  IoHandlerFactory ioHandlerFactory();

  DatagramChannel datagramChannel(SocketProtocolFamily family);

  SocketChannel socketChannel(SocketProtocolFamily family);

  ServerSocketChannel serverChannel(SocketProtocolFamily family);

  /** Options for a UDP socket that is about to be bound. */
  Map<ChannelOption<?>, Object> datagramOptions(SocketProtocolFamily family, boolean wildcard);

  /** Options for a listening TCP socket. */
  Map<ChannelOption<?>, Object> serverOptions(SocketProtocolFamily family);

  /** Options for TCP sockets that have one port together, of which one listens. */
  Map<ChannelOption<?>, Object> sharedPortOptions();

  /** How one datagram gets its own hop limit and DF bit; empty where the platform cannot. */
  Optional<DatagramTuning> tuning();

  /** Whether the kernel cuts one buffer into datagrams of one length (UDP_SEGMENT). */
  boolean sendsSegments();

  /** Has datagrams that come together be read together, where the kernel joins them (UDP_GRO). */
  void receiveJoined(DatagramChannel channel);

  /** {@code epoll} or {@code nio}. */
  String name();
}
