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
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Accepts DTLS associations for a machine, many on one UDP socket, told apart by remote address.
 *
 * <p>Whoever cannot receive at its address costs a bounded number of half-open associations, of
 * which the oldest gives way. Each has a context and so a cookie secret of its own: a cookie that
 * one address was sent is worth nothing at another (RFC 6347 §4.2.1).
 */
final class DtlsListener extends ChannelInboundHandlerAdapter implements Endpoint {
  /** Associations whose handshake is not over. */
  static final int HALF_OPEN_LIMIT = 256;

  private static final long PATIENCE_MILLIS = 15_000;
  private final MachineDriver<?> driver;
  private final Listen listen;
  private final ServerCertificate certificate;
  private final long id;
  private final ChannelFuture bound;
  private final Map<InetSocketAddress, Peer> peers = new HashMap<>();
  private final Map<InetSocketAddress, Peer> halfOpen = new LinkedHashMap<>();
  private boolean dirty;
  private boolean reading;
  private @Nullable Future<?> sweeper;

  private DtlsListener(MachineDriver<?> driver, Listen listen, ServerCertificate certificate) {
    this.driver = driver;
    this.listen = listen;
    this.certificate = certificate;
    id = driver.newOwnId();
    Platform platform = driver.runtime().platform();
    boolean ipv6 = listen.local().isIpv6();
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.datagramChannel(family))
            .option(ChannelOption.RECVBUF_ALLOCATOR, UdpSocket.receiveBuffers())
            .handler(this);
    Options.set(
        bootstrap, platform.datagramOptions(family, listen.local().ip().isAnyLocalAddress()));
    bound = bootstrap.bind(listen.local().toSocketAddress());
  }

  /** To be called on the driver's loop. */
  static void start(MachineDriver<?> driver, Listen listen, CompletableFuture<Listening> result) {
    try {
      ServerCertificate certificate = listen.certificate().orElseThrow();
      // A key that no engine takes shows here and not at the first client.
      Tls.serverEngine(Tls.serverContext(certificate, true));
      DtlsListener listener = new DtlsListener(driver, listen, certificate);
      driver.register(listener.id, listener);
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
    long period = Math.max(listen.idleTimeout().toMillis() / 4, 10);
    sweeper =
        driver.loop().scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
    Runnable closing =
        () ->
            driver.onLoop(
                () -> {
                  driver.forget(id, this);
                  for (Peer peer : List.copyOf(peers.values())) {
                    peer.leave(new Fault(CloseCause.FINISHED, "the server stopped listening"));
                  }
                  close();
                });
    InetSocketAddress local = (InetSocketAddress) bound.channel().localAddress();
    result.complete(new Listening(TransportAddress.of(local), closing));
  }

  private void sweep() {
    long oldest = System.nanoTime() - listen.idleTimeout().toNanos();
    for (Peer peer : List.copyOf(peers.values())) {
      if (peer.lastHeard - oldest < 0) {
        peer.leave(new Fault(CloseCause.TIMED_OUT, "nothing was sent or received for too long"));
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (driver.knows(id, this) && message instanceof DatagramPacket packet) {
        byte[] datagram = new byte[packet.content().readableBytes()];
        packet.content().readBytes(datagram);
        received(packet.sender(), packet.recipient(), Bytes.wrap(datagram));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(
      InetSocketAddress remote, @Nullable InetSocketAddress recipient, Bytes datagram) {
    Peer peer = peers.get(remote);
    if (peer == null && DtlsRecords.isClientHello(datagram) && remote.getPort() != 0) {
      peer = admit(remote, recipient);
    }
    if (peer != null) {
      peer.lastHeard = System.nanoTime();
      peer.receive(datagram);
    }
  }

  private @Nullable Peer admit(InetSocketAddress remote, @Nullable InetSocketAddress recipient) {
    if (peers.size() - halfOpen.size() >= listen.maxConnections()) {
      driver.countRefusedConnection();
      return null;
    }
    if (halfOpen.size() >= Math.min(HALF_OPEN_LIMIT, listen.maxConnections())) {
      driver.countRefusedConnection();
      halfOpen.values().iterator().next().forget();
    }
    try {
      Peer peer = new Peer(remote, recipient);
      peers.put(remote, peer);
      halfOpen.put(remote, peer);
      peer.session.start();
      return peer;
    } catch (GeneralSecurityException | RuntimeException e) {
      driver.countRefusedConnection();
      return null;
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
    // What an unconnected socket reports concerns no association in particular.
  }

  @Override
  public void send(Output.Send send) {
    driver.countDroppedSend();
  }

  @Override
  public void flush() {
    dirty = false;
    bound.channel().flush();
  }

  @Override
  public void close() {
    if (sweeper != null) {
      sweeper.cancel(false);
    }
    for (Peer peer : List.copyOf(peers.values())) {
      peer.close();
    }
    flush();
    Outcome.ignored(bound.channel().close());
  }

  /** One association. */
  private final class Peer implements Endpoint, DtlsSession.Owner {
    private final long peerId;
    private final InetSocketAddress remote;
    private final SSLContext context;
    private final Flow flow;
    private DtlsSession session;
    private long lastHeard = System.nanoTime();
    private boolean open;

    Peer(InetSocketAddress remote, @Nullable InetSocketAddress recipient)
        throws GeneralSecurityException {
      this.peerId = driver.newOwnId();
      this.remote = remote;
      TransportAddress own =
          TransportAddress.of((InetSocketAddress) bound.channel().localAddress());
      TransportAddress local =
          own.ip().isAnyLocalAddress() && recipient != null && recipient.getAddress() != null
              ? new TransportAddress(recipient.getAddress(), own.port())
              : own;
      flow = new Flow(peerId, Transport.DTLS, local, TransportAddress.of(remote));
      context = Tls.serverContext(certificate, true);
      session = newSession();
    }

    private DtlsSession newSession() {
      return new DtlsSession(
          Tls.serverEngine(context),
          driver.loop(),
          driver.runtime().slowWork(),
          PATIENCE_MILLIS,
          this);
    }

    /**
     * Whoever begins again before it showed a cookie may be another than the first time, whose
     * datagrams the old engine takes for repetitions. The context and so the cookies stay.
     */
    private void receive(Bytes datagram) {
      if (session.awaitsCookie() && DtlsRecords.isFirstClientHello(datagram)) {
        session.discard();
        session = newSession();
        session.start();
      }
      session.receive(datagram);
    }

    private void forget() {
      peers.remove(remote, this);
      halfOpen.remove(remote, this);
      session.close();
    }

    /** Ends it and tells the machine, if the machine knows of it. */
    private void leave(Fault fault) {
      forget();
      if (open) {
        driver.drop(peerId, this, fault.cause(), fault.detail());
      }
    }

    @Override
    public void transmit(Bytes datagram) {
      ByteBuf buffer = bound.channel().alloc().directBuffer(datagram.length());
      buffer.writeBytes(datagram.asByteBuffer());
      Outcome.ignored(bound.channel().write(new DatagramPacket(buffer, remote)));
      if (!dirty) {
        dirty = true;
        driver.loop().execute(DtlsListener.this::flush);
      }
    }

    @Override
    public void established() {
      halfOpen.remove(remote, this);
      if (peers.size() - halfOpen.size() > listen.maxConnections()) {
        driver.countRefusedConnection();
        forget();
        return;
      }
      open = true;
      driver.register(peerId, this);
      driver.tell(new Input.Opened(flow));
    }

    @Override
    public void received(Bytes payload) {
      reading = true;
      driver.received(this, flow, payload);
    }

    @Override
    public void ended(Fault fault) {
      leave(fault);
    }

    @Override
    public void send(Output.Send send) {
      lastHeard = System.nanoTime();
      if (!bound.channel().isWritable() || !session.send(send.payload())) {
        driver.countDroppedSend();
      }
    }

    @Override
    public void flush() {
      DtlsListener.this.flush();
    }

    @Override
    public void close() {
      forget();
    }
  }
}
