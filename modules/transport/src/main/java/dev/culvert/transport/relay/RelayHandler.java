package dev.culvert.transport.relay;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gets an allocation over a bound UDP channel that the application uses for other things, too: what
 * the relay says to its client is taken, all else passes on. It stands before whatever takes
 * datagrams, and with the event loop of the channel itself; it leaves the pipeline when the
 * allocation ends, and the allocation ends when it is taken out or the channel closes.
 *
 * <p>For one channel and one allocation; several stand in one pipeline for several relays.
 */
public final class RelayHandler extends ChannelInboundHandlerAdapter {
  private static final long SOCKET = 0;

  private final TurnClientConfig config;
  private final Consumer<? super TurnClientEvent> listener;
  private final CompletableFuture<RelayAllocation> opened = new CompletableFuture<>();
  private @Nullable SharedCarrier shared;

  /**
   * A handler to be added to a pipeline.
   *
   * @param config which relay, by UDP, and how
   */
  public RelayHandler(TurnClientConfig config) {
    this(config, event -> {});
  }

  /**
   * The same, with a listener.
   *
   * @param listener is called with everything that the client tells, losses above all
   * @throws IllegalArgumentException if {@code config} is not for UDP
   */
  public RelayHandler(TurnClientConfig config, Consumer<? super TurnClientEvent> listener) {
    if (config.transport() != Transport.UDP) {
      throw new IllegalArgumentException("over a UDP channel goes UDP, not " + config.transport());
    }
    this.config = config;
    this.listener = listener;
  }

  /**
   * The allocation.
   *
   * @return completes once peers can be permitted, or exceptionally with a {@link RelayException}
   */
  public CompletableFuture<RelayAllocation> allocation() {
    return opened.copy();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!(context.channel() instanceof DatagramChannel)
        || context.executor() != context.channel().eventLoop()) {
      throw new IllegalStateException("it needs a UDP channel, and the channel's own event loop");
    }
    if (context.channel().isActive()) {
      begin(context);
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (shared == null) {
      begin(context);
    }
    context.fireChannelActive();
  }

  private void begin(ChannelHandlerContext context) {
    TransportAddress local =
        TransportAddress.of((InetSocketAddress) context.channel().localAddress());
    Flow socket = new Flow(SOCKET, Transport.UDP, toward(config.server(), local), config.server());
    TurnClient client = TurnClient.sharing(socket, config, new SecureRandom());
    RelayAllocation allocation = new RelayAllocation(client, listener);
    SharedCarrier fresh = new SharedCarrier(context, client, socket, allocation::heard);
    shared = fresh;
    allocation.begin(fresh);
    CompletableFuture<RelayAllocation> unused = allocation.opened().whenComplete(this::settle);
    fresh.execute(client::advance);
  }

  private void settle(@Nullable RelayAllocation made, @Nullable Throwable failure) {
    if (made != null) {
      opened.complete(made);
    } else if (failure != null) {
      opened.completeExceptionally(failure);
    }
  }

  /** A socket for both IP versions speaks to servers of either. */
  private static TransportAddress toward(TransportAddress server, TransportAddress local) {
    if (!local.ip().isAnyLocalAddress() || local.isIpv4() == server.isIpv4()) {
      return local;
    }
    try {
      byte[] any = new byte[server.ip().getAddress().length];
      return new TransportAddress(InetAddress.getByAddress(any), local.port());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    SharedCarrier running = shared;
    if (running == null
        || !(message instanceof DatagramPacket packet)
        || !running.receive(packet)) {
      context.fireChannelRead(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (shared != null) {
      shared.readingDone();
    }
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end("the channel was closed");
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end("the handler was taken out of the pipeline");
  }

  private void end(String why) {
    SharedCarrier running = shared;
    if (running != null) {
      running.closed(why);
    }
    opened.completeExceptionally(new RelayException(0, why));
  }
}
