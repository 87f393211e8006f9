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
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A UDP socket of a machine: bound and open to anybody, or connected to one remote. */
final class UdpSocket extends ChannelInboundHandlerAdapter implements Endpoint, DatagramLane {
  /** The largest datagram there is; a smaller buffer would cut datagrams without a word. */
  private static final int LARGEST_DATAGRAM = 65_536;

  private static final WriteBufferWaterMark QUEUE = new WriteBufferWaterMark(1 << 18, 1 << 19);

  private final MachineDriver<?> driver;
  private final long id;
  private final Optional<TransportAddress> connectedTo;
  private final boolean ipv6;
  private @Nullable DatagramChannel channel;
  private @Nullable TransportAddress local;
  private final Diversions diversions = new Diversions();
  private final Segments segments;
  private final SendRun run = new SendRun();
  private boolean dirty;
  private boolean reading;

  private UdpSocket(
      MachineDriver<?> driver, long id, Optional<TransportAddress> connectedTo, boolean ipv6) {
    this.driver = driver;
    this.id = id;
    this.connectedTo = connectedTo;
    this.ipv6 = ipv6;
    this.segments =
        new Segments(connectedTo.isEmpty() && driver.runtime().platform().sendsSegments());
  }

  static void bind(MachineDriver<?> driver, long id, TransportAddress local) {
    UdpSocket socket = new UdpSocket(driver, id, Optional.empty(), local.isIpv6());
    driver.register(id, socket);
    try {
      ChannelFuture bound =
          socket.bootstrap(local.ip().isAnyLocalAddress()).bind(local.toSocketAddress());
      bound.addListener(future -> socket.onBound(bound, local));
    } catch (RuntimeException e) {
      socket.failed(local, e);
    }
  }

  static void connect(MachineDriver<?> driver, Output.Open open) {
    TransportAddress remote = open.remote();
    UdpSocket socket = new UdpSocket(driver, open.id(), Optional.of(remote), remote.isIpv6());
    driver.register(open.id(), socket);
    try {
      Bootstrap bootstrap = socket.bootstrap(false);
      ChannelFuture connected =
          open.local().isPresent()
              ? bootstrap.connect(remote.toSocketAddress(), open.local().get().toSocketAddress())
              : bootstrap.connect(remote.toSocketAddress());
      connected.addListener(future -> socket.onConnected(connected, remote));
    } catch (RuntimeException e) {
      Fault fault = Fault.of(e);
      driver.drop(open.id(), socket, fault.cause(), fault.detail());
    }
  }

  /** Reads several datagrams per wake-up; this allocator would otherwise set the number to one. */
  static RecvByteBufAllocator receiveBuffers() {
    return new FixedRecvByteBufAllocator(LARGEST_DATAGRAM).maxMessagesPerRead(16);
  }

  private Bootstrap bootstrap(boolean wildcard) {
    Platform platform = driver.runtime().platform();
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.datagramChannel(family))
            .option(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, QUEUE)
            .handler(this);
    Options.set(bootstrap, platform.datagramOptions(family, wildcard));
    return bootstrap;
  }

  private void onBound(ChannelFuture bound, TransportAddress wanted) {
    if (!bound.isSuccess()) {
      failed(wanted, bound.cause());
      return;
    }
    if (opened(bound.channel())) {
      driver.tell(new Input.Bound(id, localOrAny(), tuning().isPresent()));
    }
  }

  private void failed(TransportAddress wanted, Throwable failure) {
    if (driver.knows(id, this)) {
      driver.forget(id, this);
      driver.tell(
          new Input.BindFailed(
              id, "cannot open UDP " + wanted + ": " + Fault.of(failure).detail()));
    }
  }

  private void onConnected(ChannelFuture connected, TransportAddress remote) {
    if (!connected.isSuccess()) {
      Fault fault = Fault.of(connected.cause());
      driver.drop(id, this, fault.cause(), fault.detail());
      return;
    }
    if (opened(connected.channel())) {
      driver.tell(new Input.Opened(new Flow(id, Transport.UDP, localOrAny(), remote)));
    }
  }

  private boolean opened(Channel opened) {
    if (!driver.knows(id, this)) {
      Outcome.ignored(opened.close());
      return false;
    }
    channel = (DatagramChannel) opened;
    driver.runtime().platform().receiveJoined(channel);
    local = TransportAddress.of((InetSocketAddress) opened.localAddress());
    return true;
  }

  private TransportAddress localOrAny() {
    if (local == null) {
      throw new IllegalStateException("not open yet");
    }
    return local;
  }

  private Optional<DatagramTuning> tuning() {
    return driver.runtime().platform().tuning();
  }

  @Override
  public void send(Output.Send send) {
    DatagramChannel out = channel;
    if (out == null || !out.isWritable() || send.flow().remote().isIpv6() != ipv6) {
      driver.countDroppedSend();
      return;
    }
    boolean tuned = send.ttl() != Output.SYSTEM_TTL || send.dontFragment();
    if (tuned && tuning().isPresent()) {
      writeRun(out);
      out.flush();
      Runnable restore = tuning().get().apply(out, ipv6, send.ttl(), send.dontFragment());
      try {
        write(out, send, true);
        out.flush();
      } finally {
        restore.run();
      }
      return;
    }
    if (!run.takes(send)) {
      writeRun(out);
    }
    run.add(send);
    if (!segments.arePossible()) {
      writeRun(out);
    }
    if (!dirty) {
      dirty = true;
      driver.wantsFlush(this);
    }
  }

  private void writeRun(DatagramChannel out) {
    if (run.isEmpty()) {
      return;
    }
    Output.Send first = run.first();
    if (run.count() == 1) {
      write(out, first, true);
    } else {
      InetSocketAddress to = first.flow().remote().toSocketAddress();
      segments.write(
          out,
          run.joined(out.alloc()),
          run.segment(),
          to,
          failure -> onSendFailed(out, first, false, failure));
    }
    run.clear();
  }

  private void write(DatagramChannel out, Output.Send send, boolean mayRepeat) {
    Bytes payload = send.payload();
    ByteBuf buffer = out.alloc().directBuffer(Math.max(payload.length(), 1));
    buffer.writeBytes(payload.asByteBuffer());
    Object message =
        connectedTo.isPresent()
            ? buffer
            : new DatagramPacket(buffer, send.flow().remote().toSocketAddress());
    out.write(message)
        .addListener(
            future -> {
              if (!future.isSuccess()) {
                onSendFailed(out, send, mayRepeat, future.cause());
              }
            });
  }

  /** On a connected socket the error may be an earlier datagram's, and this one was not sent. */
  private void onSendFailed(
      DatagramChannel out, Output.Send send, boolean mayRepeat, Throwable failure) {
    Fault fault = Fault.of(failure);
    unreachable(send.flow(), fault.cause());
    if (connectedTo.isPresent() && mayRepeat && isAboutThePath(fault.cause())) {
      write(out, send, false);
      out.flush();
    } else {
      driver.countDroppedSend();
    }
  }

  private static boolean isAboutThePath(CloseCause cause) {
    return cause == CloseCause.REFUSED
        || cause == CloseCause.UNREACHABLE
        || cause == CloseCause.PROHIBITED;
  }

  private void unreachable(Flow flow, CloseCause cause) {
    if (isAboutThePath(cause) && driver.knows(id, this)) {
      driver.tell(new Input.Unreachable(flow, cause));
    }
  }

  @Override
  public boolean isWritable() {
    return channel != null && channel.isWritable();
  }

  @Override
  public boolean write(ByteBuf data, InetSocketAddress to) {
    DatagramChannel out = channel;
    if (out == null || !out.isWritable()) {
      data.release();
      driver.countDroppedSend();
      return false;
    }
    Outcome.ignored(out.write(new DatagramPacket(data, to), out.voidPromise()));
    return true;
  }

  @Override
  public boolean takesSegments() {
    return segments.arePossible();
  }

  @Override
  public boolean write(ByteBuf data, int segment, InetSocketAddress to) {
    DatagramChannel out = channel;
    if (out == null || !out.isWritable()) {
      data.release();
      driver.countDroppedSend();
      return false;
    }
    segments.write(out, data, segment, to, failure -> driver.countDroppedSend());
    return true;
  }

  @Override
  public void divert(InetSocketAddress from, DatagramSink sink) {
    diversions.put(from, sink);
  }

  @Override
  public void restore(InetSocketAddress from, DatagramSink sink) {
    diversions.remove(from, sink);
  }

  /** Whether it can be a lane: open, and to anybody. */
  boolean isLane() {
    return channel != null && connectedTo.isEmpty();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    diversions.writabilityChanged();
  }

  @Override
  public void flush() {
    dirty = false;
    if (channel != null) {
      writeRun(channel);
      channel.flush();
    }
  }

  @Override
  public void close() {
    diversions.clear();
    if (channel != null) {
      writeRun(channel);
      channel.flush();
      Outcome.ignored(channel.close());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof DatagramPacket packet && diversions.take(packet)) {
      return;
    }
    try {
      if (driver.knows(id, this) && channel != null && message instanceof DatagramPacket packet) {
        reading = true;
        received(packet);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(DatagramPacket packet) {
    TransportAddress sender = connectedTo.orElseGet(() -> TransportAddress.of(packet.sender()));
    if (sender.isIpv6() != ipv6 || sender.port() == 0) {
      return;
    }
    byte[] payload = new byte[packet.content().readableBytes()];
    packet.content().readBytes(payload);
    Flow flow = new Flow(id, Transport.UDP, recipient(packet), sender);
    driver.received(this, flow, Bytes.wrap(payload));
  }

  /** Behind a wildcard the datagram knows better than the socket, where the platform tells. */
  private TransportAddress recipient(DatagramPacket packet) {
    TransportAddress own = localOrAny();
    InetSocketAddress told = packet.recipient();
    return own.ip().isAnyLocalAddress() && told != null && told.getAddress() != null
        ? new TransportAddress(told.getAddress(), own.port())
        : own;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    diversions.readComplete();
    if (reading) {
      reading = false;
      driver.readingDone();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    connectedTo.ifPresent(
        remote -> {
          if (local != null) {
            unreachable(new Flow(id, Transport.UDP, local, remote), Fault.of(failure).cause());
          }
        });
    if (connectedTo.isEmpty() && failure instanceof IOException) {
      // What went past the machine; paths find out by their silence.
      driver.countDroppedSend();
    }
  }
}
