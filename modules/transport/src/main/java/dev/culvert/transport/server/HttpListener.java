package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.http.HttpService;
import dev.culvert.transport.http.wire.HttpPipeline;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Plain HTTP/1.1 on one address, on a thread of its own: it answers even while the event loops of a
 * {@link StunServer} do not. Safe for every thread but that one.
 */
public final class HttpListener implements AutoCloseable {
  /** Connections that the kernel keeps until the loop takes them. */
  private static final int BACKLOG = 64;

  private static final WriteBufferWaterMark UNSENT = new WriteBufferWaterMark(8 << 10, 64 << 10);

  private final MultiThreadIoEventLoopGroup group;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final HttpPipeline pipeline;
  private final TransportAddress asked;
  private final Channel acceptor;

  private HttpListener(TransportAddress address, HttpPipeline pipeline) throws ListenException {
    this.pipeline = pipeline;
    asked = address;
    ServerPlatform platform = new NioServerPlatform();
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("culvert-http", true), platform.ioHandlerFactory());
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channelFactory(() -> platform.serverChannel(Binder.family(address)))
            .option(ChannelOption.SO_REUSEADDR, !StreamSite.isWindows())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, UNSENT)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    begin(channel);
                  }
                });
    try {
      acceptor = Binder.await(bootstrap.bind(address.toSocketAddress()), Transport.TCP, address);
    } catch (ListenException | RuntimeException e) {
      stop();
      throw e;
    }
  }

  /**
   * Listens.
   *
   * @param address where; with port 0 the system chooses one
   * @param service answers, on the listener's own thread
   * @param hosts the names by which it may be asked
   * @throws ListenException if the address cannot be had
   */
  public static HttpListener open(
      TransportAddress address, HttpService service, HttpLimits limits, HttpHosts hosts)
      throws ListenException {
    return new HttpListener(address, new HttpPipeline(service, limits, hosts));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // It is closed, whether that works or not.
  private void begin(SocketChannel channel) {
    if (channel.remoteAddress() == null || connections.size() >= pipeline.limits().connections()) {
      channel.close();
      return;
    }
    connections.add(channel);
    pipeline.install(channel.pipeline());
  }

  /** Where it listens, with its real port. */
  public TransportAddress address() {
    return asked.withPort(Binder.port(acceptor));
  }

  /** Open connections. */
  public int connections() {
    return connections.size();
  }

  /** Closes it and its connections, and waits for that. */
  @Override
  public void close() {
    acceptor.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    stop();
  }

  private void stop() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
