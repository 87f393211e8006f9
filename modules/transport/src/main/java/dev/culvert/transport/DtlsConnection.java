package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.secure.DtlsSession;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A machine's DTLS connection to a server, on a UDP socket of its own. */
final class DtlsConnection extends ChannelInboundHandlerAdapter
    implements Endpoint, DtlsSession.Owner {
  private static final long PATIENCE_MILLIS = 15_000;

  private final MachineDriver<?> driver;
  private final long id;
  private final TransportAddress remote;
  private @Nullable Channel channel;
  private @Nullable DtlsSession session;
  private @Nullable Flow flow;
  private boolean dirty;
  private boolean reading;

  private DtlsConnection(MachineDriver<?> driver, Output.Open open) {
    this.driver = driver;
    this.id = open.id();
    this.remote = open.remote();
  }

  static void open(MachineDriver<?> driver, Output.Open open) {
    DtlsConnection connection = new DtlsConnection(driver, open);
    driver.register(open.id(), connection);
    if (open.server().isEmpty()) {
      connection.ended(new Fault(CloseCause.UNTRUSTED, "nobody said who the server must be"));
      return;
    }
    try {
      connection.connect(open);
    } catch (RuntimeException e) {
      connection.ended(Fault.of(e));
      return;
    }
    driver
        .runtime()
        .clientEngine(open.server().get(), true)
        .whenComplete((engine, failure) -> driver.onLoop(() -> connection.begin(engine, failure)));
  }

  private void connect(Output.Open open) {
    Platform platform = driver.runtime().platform();
    SocketProtocolFamily family =
        remote.isIpv6() ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.datagramChannel(family))
            .option(ChannelOption.RECVBUF_ALLOCATOR, UdpSocket.receiveBuffers())
            .handler(this);
    Options.set(bootstrap, platform.datagramOptions(family, false));
    ChannelFuture connected =
        open.local().isPresent()
            ? bootstrap.connect(remote.toSocketAddress(), open.local().get().toSocketAddress())
            : bootstrap.connect(remote.toSocketAddress());
    channel = connected.channel();
    connected.addListener(
        future -> {
          if (!connected.isSuccess()) {
            ended(Fault.of(connected.cause()));
          } else if (session != null) {
            session.start();
          }
        });
  }

  private void begin(@Nullable SSLEngine engine, @Nullable Throwable failure) {
    if (channel == null || !driver.knows(id, this)) {
      return;
    }
    if (engine == null) {
      String why = failure == null ? "no engine" : String.valueOf(failure.getMessage());
      ended(new Fault(CloseCause.HANDSHAKE_FAILED, "DTLS cannot start: " + why));
      return;
    }
    session =
        new DtlsSession(engine, driver.loop(), driver.runtime().slowWork(), PATIENCE_MILLIS, this);
    if (channel.isActive()) {
      session.start();
    }
  }

  @Override
  public void transmit(Bytes datagram) {
    if (channel != null) {
      ByteBuf buffer = channel.alloc().directBuffer(datagram.length());
      buffer.writeBytes(datagram.asByteBuffer());
      channel
          .write(buffer)
          .addListener(
              future -> {
                if (!future.isSuccess()) {
                  unreachable(future.cause());
                }
              });
      if (!dirty) {
        dirty = true;
        if (flow == null) {
          flush();
        } else {
          driver.wantsFlush(this);
        }
      }
    }
  }

  @Override
  public void established() {
    if (channel != null && channel.localAddress() instanceof InetSocketAddress local) {
      flow = new Flow(id, Transport.DTLS, TransportAddress.of(local), remote);
      driver.tell(new Input.Opened(flow));
    }
  }

  @Override
  public void received(Bytes payload) {
    if (flow != null && driver.knows(id, this)) {
      reading = true;
      driver.received(this, flow, payload);
    }
  }

  @Override
  public void ended(CloseCause cause, String detail) {
    driver.drop(id, this, cause, detail);
  }

  @Override
  public void failed(Exception why) {
    ended(Fault.ofHandshake(why));
  }

  private void ended(Fault fault) {
    ended(fault.cause(), fault.detail());
  }

  @Override
  public void send(Output.Send send) {
    if (flow == null || session == null || !session.send(send.payload())) {
      driver.countDroppedSend();
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
    if (session != null) {
      session.close();
    }
    if (channel != null) {
      channel.flush();
      Outcome.ignored(channel.close());
    }
  }

  private void unreachable(Throwable failure) {
    Fault fault = Fault.of(failure);
    boolean aboutThePath =
        fault.cause() == CloseCause.REFUSED
            || fault.cause() == CloseCause.UNREACHABLE
            || fault.cause() == CloseCause.PROHIBITED;
    if (!aboutThePath || !driver.knows(id, this)) {
      return;
    }
    if (flow == null) {
      ended(fault);
    } else {
      driver.tell(new Input.Unreachable(flow, fault.cause()));
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (session != null && message instanceof DatagramPacket packet) {
        byte[] datagram = new byte[packet.content().readableBytes()];
        packet.content().readBytes(datagram);
        session.receive(Bytes.wrap(datagram));
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
    flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    unreachable(failure);
  }
}
