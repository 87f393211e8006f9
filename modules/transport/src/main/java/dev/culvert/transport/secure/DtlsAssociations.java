package dev.culvert.transport.secure;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.TransportAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * A server's DTLS associations on one UDP socket, told apart by remote address; the handler of that
 * socket's channel, and confined to its loop.
 *
 * <p>Whoever cannot receive at its address costs a place among a bounded number of associations, of
 * which the oldest gives way, and keeps nobody out who can. Each has a context and so a cookie
 * secret of its own: a cookie that one address was sent is worth nothing at another (RFC 6347
 * §4.2.1). A client that lost its keys begins anew from the same address, and replaces what was
 * there once it showed a cookie (§4.2.8).
 */
public final class DtlsAssociations extends ChannelInboundHandlerAdapter {

  /** Decides who may come, and learns who did. */
  public interface Site {
    /** Whether somebody who claims to be there is answered: about as many bytes as it sent. */
    boolean admits(InetSocketAddress remote);

    /** Takes a place for a client that can receive at its address; false if there is none. */
    boolean enter(InetSocketAddress remote);

    /** A client that took a place is gone. */
    void left(InetSocketAddress remote);

    /** A client's handshake is done. */
    DtlsAssociation.Listener opened(DtlsAssociation association);

    /** A client was sent away, or an unfinished handshake gave way to another. */
    void refused();

    /** A handshake failed with a client that took a place. */
    void failed();

    /** The content of the datagrams that came together is delivered. */
    void readingDone();
  }

  /**
   * How much and how long.
   *
   * @param unproven most associations whose client has not shown its cookie
   * @param handshake how long a handshake may take
   * @param idle how long an association may be silent both ways
   */
  public record Limits(int unproven, Duration handshake, Duration idle) {}

  private record Own(PrivateKey key, List<X509Certificate> chain) {}

  /** As many as {@link Limits#unproven} should be on a public server. */
  public static final int UNPROVEN = 256;

  private final Limits limits;
  private final Executor slowWork;
  private final Site site;
  private final Map<InetSocketAddress, DtlsAssociation> proven = new HashMap<>();
  private final Map<InetSocketAddress, DtlsAssociation> unproven = new LinkedHashMap<>();
  private volatile Own own;
  private @Nullable Channel channel;
  private @Nullable Future<?> sweeper;
  private boolean dirty;
  private boolean reading;

  /**
   * None so far.
   *
   * @param slowWork runs the long arithmetic of handshakes
   * @throws GeneralSecurityException if no engine takes the key
   */
  public DtlsAssociations(
      PrivateKey key, List<X509Certificate> chain, Limits limits, Executor slowWork, Site site)
      throws GeneralSecurityException {
    this.limits = limits;
    this.slowWork = slowWork;
    this.site = site;
    own = checked(key, chain);
  }

  private static Own checked(PrivateKey key, List<X509Certificate> chain)
      throws GeneralSecurityException {
    Engines.serverEngine(Engines.serverContext(key, chain, true));
    return new Own(key, List.copyOf(chain));
  }

  /**
   * Shows this certificate to whoever begins from now on; for every thread.
   *
   * @throws GeneralSecurityException if no engine takes the key
   */
  public void useKey(PrivateKey key, List<X509Certificate> chain) throws GeneralSecurityException {
    own = checked(key, chain);
  }

  private SSLContext newContext() throws GeneralSecurityException {
    Own now = own;
    return Engines.serverContext(now.key(), now.chain(), true);
  }

  /** Clients that took a place. */
  public int size() {
    return proven.size();
  }

  /** Ends all of them and tells their listeners. */
  public void endAll(CloseCause cause, String detail) {
    List.copyOf(proven.values()).forEach(association -> association.end(cause, detail));
  }

  /** Says goodbye to all clients; the listeners hear nothing of it. */
  public void closeAll() {
    List.copyOf(proven.values()).forEach(DtlsAssociation::close);
    List.copyOf(unproven.values()).forEach(DtlsAssociation::discard);
    flush();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    channel = context.channel();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    long period = Math.max(limits.idle().toMillis() / 4, 10);
    sweeper =
        context
            .executor()
            .scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (sweeper != null) {
      sweeper.cancel(false);
    }
    closeAll();
  }

  private void sweep() {
    long oldest = System.nanoTime() - limits.idle().toNanos();
    List.copyOf(proven.values()).forEach(association -> association.sweep(oldest));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof DatagramPacket packet) {
        byte[] datagram = new byte[packet.content().readableBytes()];
        packet.content().readBytes(datagram);
        receive(packet.sender(), packet.recipient(), Bytes.wrap(datagram));
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void receive(
      InetSocketAddress remote, @Nullable InetSocketAddress recipient, Bytes datagram) {
    boolean hello = DtlsRecords.isClientHello(datagram);
    DtlsAssociation known = hello ? unproven.get(remote) : null;
    if (known == null) {
      known = proven.get(remote);
    }
    boolean begins =
        hello
            && (known == null
                || (known.mayBeginAnew() && DtlsRecords.isFirstClientHello(datagram)));
    if (begins) {
      known = begin(known, remote, recipient, datagram);
    }
    if (known != null) {
      known.receive(datagram);
    }
  }

  private @Nullable DtlsAssociation begin(
      @Nullable DtlsAssociation known,
      InetSocketAddress remote,
      @Nullable InetSocketAddress recipient,
      Bytes hello) {
    if (remote.getPort() == 0 || !site.admits(remote)) {
      site.refused();
      return null;
    }
    if (DtlsRecords.isTooOld(hello)) {
      // The JDK's engine would go away without a word.
      site.refused();
      write(DtlsRecords.protocolVersionAlert(hello), remote);
      return null;
    }
    if (known != null && !known.isProven()) {
      known.restart();
      return known;
    }
    if (unproven.size() >= limits.unproven()) {
      site.refused();
      unproven.values().iterator().next().discard();
    }
    try {
      SSLContext context = newContext();
      DtlsAssociation association =
          new DtlsAssociation(this, remote, local(recipient), () -> Engines.serverEngine(context));
      unproven.put(remote, association);
      association.start();
      return association;
    } catch (GeneralSecurityException | RuntimeException e) {
      site.refused();
      return null;
    }
  }

  private TransportAddress local(@Nullable InetSocketAddress recipient) {
    TransportAddress own = TransportAddress.of((InetSocketAddress) channel().localAddress());
    return own.ip().isAnyLocalAddress() && recipient != null && recipient.getAddress() != null
        ? new TransportAddress(recipient.getAddress(), own.port())
        : own;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (reading) {
      reading = false;
      site.readingDone();
    }
    flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    // What an unconnected socket reports concerns no association in particular.
  }

  /** Lets the system have what was sent. */
  public void flush() {
    dirty = false;
    if (channel != null) {
      channel.flush();
    }
  }

  // What follows is for the associations.

  DtlsSession newSession(SSLEngine engine, DtlsSession.Owner owner) {
    return new DtlsSession(
        engine, channel().eventLoop(), slowWork, limits.handshake().toMillis(), owner);
  }

  boolean isWritable() {
    return channel().isWritable();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What cannot be sent is lost, as on any network.
  void write(Bytes datagram, InetSocketAddress remote) {
    Channel out = channel();
    ByteBuf buffer = out.alloc().directBuffer(datagram.length());
    buffer.writeBytes(datagram.asByteBuffer());
    out.write(new DatagramPacket(buffer, remote), out.voidPromise());
    if (!dirty) {
      dirty = true;
      out.eventLoop().execute(this::flush);
    }
  }

  /** Whether there is a place for a client that showed its cookie. */
  boolean prove(DtlsAssociation association) {
    DtlsAssociation old = proven.get(association.remote());
    if (old != null) {
      old.replaced();
    }
    unproven.remove(association.remote(), association);
    if (!site.enter(association.remote())) {
      site.refused();
      return false;
    }
    proven.put(association.remote(), association);
    return true;
  }

  void remove(DtlsAssociation association) {
    unproven.remove(association.remote(), association);
    if (proven.remove(association.remote(), association)) {
      site.left(association.remote());
    }
  }

  DtlsAssociation.Listener opened(DtlsAssociation association) {
    return site.opened(association);
  }

  void noteReading() {
    reading = true;
  }

  void countFailed() {
    site.failed();
  }

  private Channel channel() {
    if (channel == null) {
      throw new IllegalStateException("not on a channel yet");
    }
    return channel;
  }
}
