package dev.culvert.transport;

import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.wire.HttpPipeline;
import dev.culvert.transport.secure.Engines;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.timeout.IdleStateHandler;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP and TLS connections for a machine, all on its driver's loop. */
final class ConnectionListener extends ChannelInitializer<SocketChannel> implements Endpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionListener.class);
  private static final int BACKLOG = 1024;

  private final MachineDriver<?> driver;
  private final Listen listen;
  private final Optional<SSLContext> tls;
  private final long id;
  private final Duration idleTimeout;
  private final Optional<HttpPipeline> webSockets;
  private final ChannelFuture bound;
  private int standing;

  private ConnectionListener(
      MachineDriver<?> driver,
      long id,
      Listen listen,
      Optional<SSLContext> tls,
      Duration idleTimeout) {
    this.driver = driver;
    this.id = id;
    this.listen = listen;
    this.tls = tls;
    this.idleTimeout = idleTimeout;
    this.webSockets = listen.webSocket().map(driver::webSockets).map(HttpPipeline::onlyWebSockets);
    Platform platform = driver.runtime().platform();
    SocketProtocolFamily family =
        listen.local().isIpv6() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.serverChannel(family))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .handler(new AcceptFaults())
            .childHandler(this);
    Options.set(bootstrap, platform.serverOptions(family));
    bound = bootstrap.bind(listen.local().toSocketAddress());
    driver.register(id, this);
  }

  /** To be called on the driver's loop. */
  static void start(MachineDriver<?> driver, Listen listen, CompletableFuture<Listening> result) {
    try {
      Optional<SSLContext> tls =
          listen.certificate().isPresent()
              ? Optional.of(Tls.serverContext(listen.certificate().get(), false))
              : Optional.empty();
      ConnectionListener listener =
          new ConnectionListener(driver, driver.newOwnId(), listen, tls, listen.idleTimeout());
      listener.bound.addListener(future -> listener.onBound(result));
    } catch (GeneralSecurityException | RuntimeException e) {
      result.completeExceptionally(new ListenException(listen, e));
    }
  }

  private void onBound(CompletableFuture<Listening> result) {
    if (!bound.isSuccess()) {
      driver.forget(id, this);
      result.completeExceptionally(new ListenException(listen, bound.cause()));
      return;
    }
    Runnable closing =
        () ->
            driver.onLoop(
                () -> {
                  driver.forget(id, this);
                  close();
                });
    result.complete(new Listening(local(), closing));
  }

  /**
   * Listens because the machine wants it, which also decides how long a connection may be silent.
   */
  static void start(MachineDriver<?> driver, Output.Listen wanted) {
    Listen listen = Listen.tcp(wanted.local());
    try {
      ConnectionListener listener =
          new ConnectionListener(driver, wanted.id(), listen, Optional.empty(), Duration.ZERO);
      listener.bound.addListener(future -> listener.onBound());
    } catch (RuntimeException e) {
      driver.tell(new Input.BindFailed(wanted.id(), ListenException.text(listen, e)));
    }
  }

  private void onBound() {
    if (!driver.knows(id, this)) {
      return;
    }
    if (bound.isSuccess()) {
      // Not before: the bind shall fail where somebody listens already.
      Options.set(bound.channel(), driver.runtime().platform().sharedPortOptions());
      driver.tell(new Input.Bound(id, local(), false));
    } else {
      driver.forget(id, this);
      driver.tell(new Input.BindFailed(id, ListenException.text(listen, bound.cause())));
    }
  }

  private TransportAddress local() {
    return TransportAddress.of((InetSocketAddress) bound.channel().localAddress());
  }

  @Override
  protected void initChannel(SocketChannel accepted) {
    if (standing >= listen.maxConnections() || !driver.knows(id, this)) {
      driver.countRefusedConnection();
      Outcome.ignored(accepted.close());
      return;
    }
    standing++;
    accepted.closeFuture().addListener(future -> standing--);
    if (tls.isPresent()) {
      accepted
          .pipeline()
          .addLast(Connection.handler(driver.runtime(), Engines.serverEngine(tls.get())));
    }
    accepted
        .pipeline()
        .addLast(new IdleStateHandler(0, 0, idleTimeout.toMillis(), TimeUnit.MILLISECONDS));
    if (webSockets.isPresent()) {
      webSockets.get().install(accepted.pipeline());
      return;
    }
    Connection connection =
        new Connection(driver, driver.newOwnId(), tls.isPresent() ? Transport.TLS : Transport.TCP);
    accepted.pipeline().addLast(connection);
    connection.accepted(accepted);
  }

  @Override
  public void send(Output.Send send) {
    driver.countDroppedSend();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    Outcome.ignored(bound.channel().close());
  }

  /** Such as too many open files; Netty itself waits a second before it accepts again. */
  private static final class AcceptFaults extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
      LOG.warn("Cannot accept a connection: {}", Fault.of(failure).detail());
      context.fireExceptionCaught(failure);
    }
  }
}
