package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What TCP and TLS listeners share: who may connect, and what becomes of a connection. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class StreamSite {
  /** Connections that the kernel keeps until a loop takes them. */
  private static final int BACKLOG = 512;

  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(8 << 10, 32 << 10);

  private final ServerPlatform platform;
  private final EventLoopGroup group;
  private final Map<?, LoopState> loops;
  private final ConnectionLimits limits;
  private final ConnectionGate gate;
  private final ChannelGroup connections;
  private final @Nullable SslContext tls;

  StreamSite(
      ServerPlatform platform,
      EventLoopGroup group,
      Map<?, LoopState> loops,
      ConnectionLimits limits,
      ConnectionGate gate,
      ChannelGroup connections,
      @Nullable SslContext tls) {
    this.platform = platform;
    this.group = group;
    this.loops = loops;
    this.limits = limits;
    this.gate = gate;
    this.connections = connections;
    this.tls = tls;
  }

  /** Opens one listening socket; {@code corners} are those of a listener with an alternate. */
  Channel listen(Transport transport, TransportAddress address, Optional<Corners> corners)
      throws ListenException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(() -> platform.serverChannel(Binder.family(address)))
            .option(ChannelOption.SO_REUSEADDR, !isWindows())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
            .localAddress(address.toSocketAddress())
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    begin(channel, transport, address, corners);
                  }
                });
    platform.tune(bootstrap, Binder.family(address));
    return Binder.await(bootstrap.bind(), transport, address);
  }

  /** On Windows the option would let two servers have one port. */
  private static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  private void begin(
      SocketChannel channel,
      Transport transport,
      TransportAddress address,
      Optional<Corners> corners) {
    LoopState loop = loops.get(channel.eventLoop());
    InetSocketAddress remote = channel.remoteAddress();
    InetSocketAddress local = channel.localAddress();
    if (loop == null || remote == null || local == null) {
      channel.close();
      return;
    }
    InetAddress ip = remote.getAddress();
    if (!gate.enter(ip)) {
      loop.counts.add(ServerCount.CONNECTIONS_REFUSED);
      channel.close();
      return;
    }
    channel.closeFuture().addListener(closed -> gate.leave(ip));
    loop.counts.add(ServerCount.CONNECTIONS);
    connections.add(channel);
    if (transport == Transport.TLS && tls != null) {
      SslHandler handler = tls.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
      channel.pipeline().addLast(handler);
    }
    Corners own = corners.orElseGet(() -> Corners.single(TransportAddress.of(local)));
    int corner = Math.max(0, own.addresses().indexOf(address));
    BindingResponder responder = own.responder(corner, transport);
    channel.pipeline().addLast(new StreamHandler(loop, responder, limits.idle().toNanos()));
  }
}
