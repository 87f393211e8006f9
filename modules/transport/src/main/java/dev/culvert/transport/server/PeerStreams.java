package dev.culvert.transport.server;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import java.io.IOException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The TCP side of one loop's relayed addresses (RFC 6062), by the ids that the engine gave. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is told.
final class PeerStreams {
  private static final Logger LOGGER = LoggerFactory.getLogger(PeerStreams.class);
  private static final int CONNECT_MILLIS = 30_000;
  private static final int BACKLOG = 64;

  private final RelayLoop relay;
  private final LongObjectMap<Channel> listening = new LongObjectHashMap<>();
  private final LongObjectMap<Channel> connecting = new LongObjectHashMap<>();
  private final LongObjectMap<Pipe> open = new LongObjectHashMap<>();

  PeerStreams(RelayLoop relay) {
    this.relay = relay;
  }

  /** Takes connections to a relayed address and tells the engine of each. */
  void listen(Output.Listen listen) {
    TransportAddress local = listen.local();
    ChannelFuture binding =
        new ServerBootstrap()
            .group(relay.loop.eventLoop)
            .channelFactory(() -> relay.platform.serverChannel(Binder.family(local)))
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) throws IOException {
                    relay.platform.shareStreamPort(channel);
                  }
                })
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, local);
                  }
                })
            .bind(local.toSocketAddress());
    listening.put(listen.id(), binding.channel());
    binding.addListener(
        bound -> {
          if (bound.isSuccess()) {
            TransportAddress real = local.withPort(Binder.port(binding.channel()));
            relay.tell(new Input.Bound(listen.id(), real, false));
          } else {
            listening.remove(listen.id());
            relay.tell(new Input.BindFailed(listen.id(), Binder.text(bound.cause())));
          }
        });
  }

  private void accept(SocketChannel channel, TransportAddress local) {
    if (channel.remoteAddress() == null) {
      channel.close();
      return;
    }
    TransportAddress remote = TransportAddress.of(channel.remoteAddress());
    Flow flow = new Flow(relay.newId(), Transport.TCP, local, remote);
    Pipe pipe = new Pipe(relay, flow.id(), channel);
    channel.pipeline().addLast(pipe);
    // The channel is registered when the engine says something about it.
    relay.execute(() -> relay.opened(flow, pipe));
  }

  /** Connects to a peer and tells the engine. */
  void open(Output.Open want) {
    long id = want.id();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(relay.loop.eventLoop)
            .channelFactory(() -> relay.platform.socketChannel(Binder.family(want.remote())))
            .option(ChannelOption.AUTO_READ, false)
            .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) throws IOException {
                    relay.platform.shareStreamPort(channel);
                  }
                });
    want.local().ifPresent(local -> bootstrap.localAddress(local.toSocketAddress()));
    ChannelFuture connected = bootstrap.connect(want.remote().toSocketAddress());
    connecting.put(id, connected.channel());
    connected.addListener(
        done -> {
          boolean wanted = connecting.remove(id) != null;
          if (!wanted) {
            connected.channel().close();
          } else if (done.isSuccess()) {
            opened(want, (SocketChannel) connected.channel());
          } else {
            Throwable failure = done.cause();
            LOGGER.debug("no connection to {}: {}", want.remote(), Binder.text(failure));
            boolean refused = failure instanceof ConnectException;
            CloseCause cause = refused ? CloseCause.REFUSED : CloseCause.UNREACHABLE;
            relay.tell(new Input.Closed(id, cause, Binder.text(failure)));
          }
        });
  }

  private void opened(Output.Open want, SocketChannel channel) {
    Pipe pipe = new Pipe(relay, want.id(), channel);
    channel.pipeline().addLast(pipe);
    open.put(want.id(), pipe);
    TransportAddress local = TransportAddress.of(channel.localAddress());
    relay.tell(new Input.Opened(new Flow(want.id(), Transport.TCP, local, want.remote())));
    if (!channel.isActive()) {
      pipe.gone();
    }
  }

  /** The connection with an id of the engine's; null: there is none. */
  @Nullable Pipe pipe(long id) {
    return open.get(id);
  }

  /** It has ended. */
  void forget(long id) {
    open.remove(id);
  }

  /** Closes what has this id. */
  void close(long id) {
    Channel channel = listening.remove(id);
    if (channel == null) {
      channel = connecting.remove(id);
    }
    Pipe pipe = open.remove(id);
    if (channel != null) {
      relay.loop.eventLoop.execute(channel::close);
    } else if (pipe != null) {
      pipe.close();
    }
  }
}
