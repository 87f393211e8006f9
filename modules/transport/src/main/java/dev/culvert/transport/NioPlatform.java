package dev.culvert.transport;

import io.netty.channel.ChannelOption;
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
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.util.Map;
import java.util.Optional;

/** The JDK's own channels: everywhere. */
final class NioPlatform implements Platform {
  private static final ChannelOption<Boolean> SO_REUSEPORT =
      NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT);

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return NioIoHandler.newFactory();
  }

  @Override
  public DatagramChannel datagramChannel(SocketProtocolFamily family) {
    return new NioDatagramChannel(family);
  }

  @Override
  public SocketChannel socketChannel(SocketProtocolFamily family) {
    return new NioSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public ServerSocketChannel serverChannel(SocketProtocolFamily family) {
    return new NioServerSocketChannel(SelectorProvider.provider(), family);
  }

  @Override
  public Map<ChannelOption<?>, Object> datagramOptions(
      SocketProtocolFamily family, boolean wildcard) {
    return Map.of();
  }

  @Override
  public Map<ChannelOption<?>, Object> serverOptions(SocketProtocolFamily family) {
    // On Windows the option lets two processes take one port.
    return isWindows() ? Map.of() : Map.of(ChannelOption.SO_REUSEADDR, true);
  }

  @Override
  public Map<ChannelOption<?>, Object> sharedPortOptions() {
    return isWindows()
        ? Map.of(ChannelOption.SO_REUSEADDR, true)
        : Map.of(ChannelOption.SO_REUSEADDR, true, SO_REUSEPORT, true);
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  @Override
  public Optional<DatagramTuning> tuning() {
    return Optional.empty();
  }

  @Override
  public boolean sendsSegments() {
    return false;
  }

  @Override
  public void receiveJoined(DatagramChannel channel) {
    // They come one by one.
  }

  @Override
  public String name() {
    return "nio";
  }
}
