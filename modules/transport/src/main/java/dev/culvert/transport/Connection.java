package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** One TCP or TLS connection of a machine, opened or accepted. */
final class Connection extends ChannelInboundHandlerAdapter implements Endpoint {
  /** What waits for a reader that does not read. */
  static final int QUEUE_LIMIT = 1 << 20;

  private static final int CONNECT_TIMEOUT_MILLIS = 30_000;
  private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;
  private static final long LAST_WORDS_SECONDS = 3;

  private final MachineDriver<?> driver;
  private final long id;
  private final Transport transport;
  private @Nullable Channel channel;
  private @Nullable Flow flow;
  private @Nullable Fault fault;
  private long queued;
  private boolean dirty;
  private boolean reading;
  private boolean saidGoodbye;

  Connection(MachineDriver<?> driver, long id, Transport transport) {
    this.driver = driver;
    this.id = id;
    this.transport = transport;
  }

  static void open(MachineDriver<?> driver, Output.Open open) {
    Connection connection = new Connection(driver, open.id(), open.transport());
    driver.register(open.id(), connection);
    if (open.transport() == Transport.TLS) {
      if (open.server().isEmpty()) {
        connection.fail(new Fault(CloseCause.UNTRUSTED, "nobody said who the server must be"));
        return;
      }
      connection.connect(open, driver.runtime().clientEngine(open.server().get(), false));
    } else {
      connection.connect(open, null);
    }
  }

  private void connect(Output.Open open, @Nullable CompletionStage<SSLEngine> engine) {
    Platform platform = driver.runtime().platform();
    SocketProtocolFamily family =
        open.remote().isIpv6() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    try {
      Bootstrap bootstrap =
          new Bootstrap()
              .group(driver.loop())
              .channelFactory(() -> platform.socketChannel(family))
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
              .option(ChannelOption.AUTO_READ, engine == null)
              .handler(this);
      if (open.local().filter(local -> local.port() != 0).isPresent()) {
        Options.set(bootstrap, platform.sharedPortOptions());
      }
      ChannelFuture connected =
          open.local().isPresent()
              ? bootstrap.connect(
                  open.remote().toSocketAddress(), open.local().get().toSocketAddress())
              : bootstrap.connect(open.remote().toSocketAddress());
      channel = connected.channel();
      connected.addListener(
          future -> {
            if (!connected.isSuccess()) {
              fail(Fault.of(connected.cause()));
            } else if (engine == null) {
              opened();
            } else {
              engine.whenComplete((made, failure) -> driver.onLoop(() -> secure(made, failure)));
            }
          });
    } catch (RuntimeException e) {
      fail(Fault.of(e));
    }
  }

  private void secure(@Nullable SSLEngine engine, @Nullable Throwable failure) {
    if (channel == null || !driver.knows(id, this)) {
      return;
    }
    if (engine == null) {
      String why = failure == null ? "no engine" : String.valueOf(failure.getMessage());
      fail(new Fault(CloseCause.HANDSHAKE_FAILED, "TLS cannot start: " + why));
      return;
    }
    channel.pipeline().addFirst(handler(driver.runtime(), engine));
    channel.config().setAutoRead(true);
  }

  static SslHandler handler(NetworkRuntime runtime, SSLEngine engine) {
    SslHandler handler = new SslHandler(engine, runtime.slowWork());
    handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
    return handler;
  }

  /** For an accepted connection, before its channel becomes active. */
  void accepted(Channel accepted) {
    channel = accepted;
    driver.register(id, this);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (id < 0 && transport == Transport.TCP) {
      opened();
    }
  }

  private void opened() {
    if (channel == null || !driver.knows(id, this) || flow != null) {
      return;
    }
    if (channel.localAddress() instanceof InetSocketAddress local
        && channel.remoteAddress() instanceof InetSocketAddress remote) {
      flow = new Flow(id, transport, TransportAddress.of(local), TransportAddress.of(remote));
      driver.tell(new Input.Opened(flow));
    } else {
      fail(new Fault(CloseCause.RESET, "the connection was cut as soon as it stood"));
    }
  }

  /** Ends it with this cause; a server's handshakes that fail are nothing to its machine. */
  private void fail(Fault why) {
    if (id < 0 && flow == null) {
      driver.forget(id, this);
      close();
    } else {
      driver.drop(id, this, why.cause(), why.detail());
    }
  }

  @Override
  public void send(Output.Send send) {
    Channel out = channel;
    if (out == null || flow == null) {
      driver.countDroppedSend();
      return;
    }
    if (queued + send.payload().length() > QUEUE_LIMIT) {
      out.flush();
    }
    if (queued + send.payload().length() > QUEUE_LIMIT) {
      driver.countOverflow();
      driver.drop(id, this, CloseCause.OVERFLOW, "the other side does not read; the queue is full");
      abort(out);
      return;
    }
    int length = send.payload().length();
    ByteBuf buffer = out.alloc().directBuffer(Math.max(length, 1));
    buffer.writeBytes(send.payload().asByteBuffer());
    queued += length;
    out.write(buffer).addListener(future -> queued -= length);
    if (!dirty) {
      dirty = true;
      driver.wantsFlush(this);
    }
  }

  @Override
  public void flush() {
    dirty = false;
    if (channel != null) {
      channel.flush();
    }
  }

  @Override
  public void close() {
    Channel out = channel;
    if (out == null || !out.isOpen()) {
      return;
    }
    if (flow == null) {
      Outcome.ignored(out.close());
    } else {
      out.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
    if (out.isOpen()) {
      Future<?> patience =
          driver.loop().schedule(() -> abort(out), LAST_WORDS_SECONDS, TimeUnit.SECONDS);
      out.closeFuture().addListener(future -> patience.cancel(false));
    }
  }

  /** Resets the connection at once; what is queued is lost. */
  private static void abort(Channel out) {
    if (out.isOpen()) {
      out.config().setOption(ChannelOption.SO_LINGER, 0);
      out.unsafe().close(out.unsafe().voidPromise());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (flow != null && driver.knows(id, this) && message instanceof ByteBuf buffer) {
        byte[] payload = new byte[buffer.readableBytes()];
        buffer.readBytes(payload);
        if (payload.length > 0) {
          reading = true;
          driver.received(this, flow, Bytes.wrap(payload));
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (reading) {
      reading = false;
      driver.readingDone();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (flow != null && driver.knows(id, this)) {
      driver.tell(new Input.Writable(id, context.channel().isWritable()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        opened();
      } else {
        fail(Fault.ofHandshake(handshake.cause()));
      }
    } else if (event instanceof SslCloseCompletionEvent close) {
      saidGoodbye = close.isSuccess();
    } else if (event instanceof IdleStateEvent) {
      fail(new Fault(CloseCause.TIMED_OUT, "nothing was sent or received for too long"));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    if (fault == null) {
      fault = flow == null ? Fault.ofHandshake(failure) : Fault.of(failure);
    }
    Outcome.ignored(context.close());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (fault != null) {
      fail(fault);
    } else if (flow == null) {
      fail(new Fault(CloseCause.HANDSHAKE_FAILED, "the other side hung up during the handshake"));
    } else if (transport == Transport.TLS && !saidGoodbye) {
      fail(new Fault(CloseCause.RESET, "the connection ended without TLS saying so"));
    } else {
      fail(new Fault(CloseCause.FINISHED, "the other side closed the connection"));
    }
  }
}
