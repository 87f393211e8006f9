package dev.culvert.transport.server;

import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.AbstractBootstrap;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;

/** Which of Netty's transports carries a server's sockets. */
interface ServerPlatform {
  /** Much longer datagrams are cut off and dropped; RFC 5780 §7.6 pads to one MTU. */
  int MAX_DATAGRAM = 2048;

  /** Epoll where its native library loads and nobody asked for NIO; NIO elsewhere. */
  static ServerPlatform choose(boolean nioOnly) {
    boolean linux = System.getProperty("os.name", "").startsWith("Linux");
    if (linux && !nioOnly && EpollServerPlatform.isAvailable()) {
      return new EpollServerPlatform();
    }
    return new NioServerPlatform();
  }

  IoHandlerFactory ioHandlerFactory();

  DatagramChannel datagramChannel(SocketProtocolFamily family);

  ServerSocketChannel serverChannel(SocketProtocolFamily family);

  /** Batches, and several sockets on one port where {@link #sharesPorts}. */
  void tune(Bootstrap bootstrap);

  /**
   * Binds a UDP socket that shares its port with nobody and closes it again.
   *
   * @return the port, which the system chose if it was to choose
   */
  int probe(EventLoop loop, TransportAddress address) throws IOException;

  /** One family only on a wildcard address, where the platform can. */
  void oneFamily(AbstractBootstrap<?, ?> bootstrap, SocketProtocolFamily family);

  /** Whether the kernel spreads datagrams over several sockets on one address and port. */
  boolean sharesPorts();

  /** Whether an IPv4 socket on the wildcard address can tell which address was asked. */
  boolean tellsOriginalDestination();

  /** Makes a UDP socket tell it. */
  void tellOriginalDestination(Bootstrap bootstrap);

  /** What a socket needs that clients of a relay, or peers, send datagrams to. */
  void tuneRelay(DatagramChannel channel, RelaySockets sockets);

  /** Opens the UDP socket of a relayed address; on the loop that it is to belong to. */
  void openRelay(RelaySockets.Opening opening);

  /** What sends from a UDP socket of a relay. */
  DatagramSender sender(DatagramChannel channel, RelayLoop relay);

  /** Whether the kernel cuts one long datagram into many. */
  boolean cutsDatagrams();

  /** Whether a relay may be asked to forbid routers to fragment. */
  boolean canForbidFragments();

  SocketChannel socketChannel(SocketProtocolFamily family);

  /** Lets a listening socket and connections from the same address and port be. */
  void shareStreamPort(Channel channel) throws IOException;

  /** Whether an IPv6 socket on the wildcard address has the IPv4 port as well. */
  boolean isDualStack();
}
