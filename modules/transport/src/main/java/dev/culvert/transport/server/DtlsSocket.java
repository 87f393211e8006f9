package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder;
import dev.culvert.transport.secure.DtlsAssociation;
import dev.culvert.transport.secure.DtlsAssociations;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One UDP socket with its DTLS clients (RFC 7350). Belongs to its loop. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel.
final class DtlsSocket implements DtlsAssociations.Site {
  /** A HelloVerifyRequest with the headers below it. */
  private static final int COOKIE_LENGTH = 108;

  private final LoopState loop;
  private final Optional<Corners> corners;
  private final TransportAddress address;
  private final ConnectionGate gate;
  private final DtlsAssociations associations;
  private @Nullable Channel channel;

  DtlsSocket(
      LoopState loop,
      Optional<Corners> corners,
      TransportAddress address,
      TlsIdentity identity,
      ConnectionLimits limits,
      ConnectionGate gate,
      Executor handshakes)
      throws GeneralSecurityException {
    this.loop = loop;
    this.corners = corners;
    this.address = address;
    this.gate = gate;
    associations =
        new DtlsAssociations(
            identity.key(),
            identity.chain(),
            new DtlsAssociations.Limits(
                DtlsAssociations.UNPROVEN, limits.handshake(), limits.idle()),
            handshakes,
            this);
  }

  /** From now on this is shown to clients; for every thread. */
  void use(TlsIdentity identity) throws GeneralSecurityException {
    associations.useKey(identity.key(), identity.chain());
  }

  void open(Binder binder) throws ListenException {
    Bootstrap bootstrap = binder.datagrams(loop.eventLoop, address, associations);
    binder.platform.oneFamily(bootstrap, Binder.family(address));
    channel = Binder.await(bootstrap.bind(), Transport.DTLS, address);
  }

  /** Whether its socket is open; on the thread that opened it. */
  boolean isOpen() {
    return channel != null && channel.isOpen();
  }

  /** Says goodbye to all clients and closes the socket. */
  Future<?> close() {
    return loop.eventLoop.submit(
        () -> {
          associations.closeAll();
          if (channel != null) {
            channel.close();
          }
        });
  }

  /** What answers the clients of an address. */
  private BindingResponder responder(TransportAddress local) {
    Corners own = corners.orElseGet(() -> Corners.single(local));
    return own.responder(Math.max(0, own.addresses().indexOf(address)), Transport.DTLS);
  }

  @Override
  public boolean admits(InetSocketAddress remote) {
    return gate.hasRoom()
        && loop.limiter.admit(remote.getAddress(), COOKIE_LENGTH, System.nanoTime());
  }

  @Override
  public boolean enter(InetSocketAddress remote) {
    boolean entered = gate.enter(remote.getAddress());
    if (entered) {
      loop.counts.add(ServerCount.CONNECTIONS);
    }
    return entered;
  }

  @Override
  public void left(InetSocketAddress remote) {
    gate.leave(remote.getAddress());
  }

  @Override
  public DtlsAssociation.Listener opened(DtlsAssociation association) {
    TransportAddress local = association.local();
    if (local.ip().isAnyLocalAddress()) {
      local = new TransportAddress(source(association.remote()), local.port());
    }
    return new DtlsClient(loop, association, local, responder(local));
  }

  /** The address that the system answers from, where the socket leaves that to its routes. */
  private static InetAddress source(InetSocketAddress remote) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(remote);
      return socket.getLocalAddress();
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void refused() {
    loop.counts.add(ServerCount.CONNECTIONS_REFUSED);
  }

  @Override
  public void failed() {
    loop.counts.add(ServerCount.CONNECTIONS_BROKEN);
  }

  @Override
  public void readingDone() {
    if (loop.relay != null) {
      loop.relay.endBatch();
    }
  }
}
