package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder;
import dev.culvert.transport.http.wire.HttpPipeline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
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
  private final @Nullable HttpPipeline http;
  private volatile @Nullable SslContext tls;
  private volatile boolean draining;

  StreamSite(
      ServerPlatform platform,
      EventLoopGroup group,
      Map<?, LoopState> loops,
      ConnectionLimits limits,
      ConnectionGate gate,
      ChannelGroup connections,
      Optional<HttpPipeline> http) {
    this.platform = platform;
    this.group = group;
    this.loops = loops;
    this.limits = limits;
    this.gate = gate;
    this.connections = connections;
    this.http = http.orElse(null);
  }

  /**
   * What TLS connections that show this begin with.
   *
   * @throws IllegalArgumentException if the key cannot be used
   */
  SslContext context(TlsIdentity identity) {
    return TlsContexts.of(identity, http != null);
  }

  /** Begins TLS connections with this from now on; for every thread. */
  void use(SslContext context) {
    tls = context;
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
    platform.oneFamily(bootstrap, Binder.family(address));
    return Binder.await(bootstrap.bind(), transport, address);
  }

  /** On Windows the option would let two servers have one port. */
  static boolean isWindows() {
    return System.getProperty("os.name", "").startsWith("Windows");
  }

  private void begin(
      SocketChannel channel,
      Transport transport,
      TransportAddress address,
      Optional<Corners> corners) {
    LoopState loop = loops.get(channel.eventLoop());
    InetSocketAddress remote = channel.remoteAddress();
    if (loop == null || remote == null || channel.localAddress() == null) {
      channel.close();
      return;
    }
    InetAddress ip = remote.getAddress();
    if (!gate.enter(ip)) {
      loop.counts.add(ServerCount.CONNECTIONS_REFUSED);
      channel.close();
      return;
    }
    loop.counts.add(ServerCount.CONNECTIONS);
    connections.add(channel);
    // Behind the group's own listener: there are never more in it than there may be.
    Place place = new Place(gate, ip);
    place.holdFor(channel);
    SslContext context = tls;
    if (transport == Transport.TLS && context != null) {
      SslHandler handler = context.newHandler(channel.alloc());
      handler.setHandshakeTimeoutMillis(limits.handshake().toMillis());
      handler.handshakeFuture().addListener(done -> countLate(loop, done.cause()));
      // A record for each message: some clients take what one read gives for one message.
      handler.setWrapDataSize(0);
      channel.pipeline().addLast(handler);
    }
    HttpPipeline pipeline = http;
    if (transport == Transport.TLS && pipeline != null) {
      channel
          .pipeline()
          .addLast(
              new FirstBytes(
                  loop,
                  () -> handler(loop, channel, transport, address, corners),
                  pipeline,
                  limits.idle().toNanos()));
    } else {
      channel.pipeline().addLast(handler(loop, channel, transport, address, corners));
    }
    if (draining) {
      drain(channel);
    }
  }

  /**
   * Lets all connections finish what they are in the middle of, and closes them then; also those
   * that the kernel has already taken, and no event loop yet.
   */
  void drain() {
    draining = true;
    connections.forEach(this::drain);
  }

  /** On its loop: from elsewhere, one that becomes a WebSocket just now may look like neither. */
  private void drain(Channel connection) {
    connection.eventLoop().execute(() -> drainOnLoop(connection));
  }

  private static void drainOnLoop(Channel connection) {
    StreamHandler handler = connection.pipeline().get(StreamHandler.class);
    if (handler != null) {
      drain(connection, handler);
    } else if (connection.pipeline().get(Pipe.class) == null
        && connection.pipeline().get(WebSocket13FrameDecoder.class) == null) {
      connection.close();
    }
  }

  private static void drain(Channel connection, StreamHandler handler) {
    ChannelHandlerContext context = connection.pipeline().context(handler);
    if (context != null) {
      handler.drain(context);
    }
  }

  /** Handshakes that fail otherwise end in an exception that is counted where it arrives. */
  private static void countLate(LoopState loop, @Nullable Throwable failure) {
    if (failure instanceof SslHandshakeTimeoutException) {
      loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
    }
  }

  private StreamHandler handler(
      LoopState loop,
      SocketChannel channel,
      Transport transport,
      TransportAddress address,
      Optional<Corners> corners) {
    TransportAddress local = TransportAddress.of(channel.localAddress());
    TransportAddress remote = TransportAddress.of(channel.remoteAddress());
    Corners own = corners.orElseGet(() -> Corners.single(local));
    int corner = Math.max(0, own.addresses().indexOf(address));
    BindingResponder responder = own.responder(corner, transport);
    StreamClient client =
        loop.relay == null ? null : new StreamClient(loop.relay, channel, transport, local, remote);
    return new StreamHandler(loop, responder, client, limits.idle().toNanos());
  }
}
