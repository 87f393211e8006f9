package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.secure.DtlsAssociation;
import dev.culvert.transport.secure.DtlsAssociations;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketProtocolFamily;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Accepts DTLS associations for a machine, many on one UDP socket. */
final class DtlsListener implements Endpoint, DtlsAssociations.Site {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final MachineDriver<?> driver;
  private final Listen listen;
  private final long id;
  private final DtlsAssociations associations;
  private final ChannelFuture bound;

  private DtlsListener(MachineDriver<?> driver, Listen listen) throws GeneralSecurityException {
    this.driver = driver;
    this.listen = listen;
    id = driver.newOwnId();
    ServerCertificate certificate = listen.certificate().orElseThrow();
    int unproven = Math.min(DtlsAssociations.UNPROVEN, listen.maxConnections());
    associations =
        new DtlsAssociations(
            certificate.privateKey(),
            certificate.chain(),
            new DtlsAssociations.Limits(unproven, PATIENCE, listen.idleTimeout()),
            driver.runtime().slowWork(),
            this);
    Platform platform = driver.runtime().platform();
    boolean ipv6 = listen.local().isIpv6();
    SocketProtocolFamily family = ipv6 ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(driver.loop())
            .channelFactory(() -> platform.datagramChannel(family))
            .option(ChannelOption.RECVBUF_ALLOCATOR, UdpSocket.receiveBuffers())
            .handler(associations);
    Options.set(
        bootstrap, platform.datagramOptions(family, listen.local().ip().isAnyLocalAddress()));
    bound = bootstrap.bind(listen.local().toSocketAddress());
  }

  /** To be called on the driver's loop. */
  static void start(MachineDriver<?> driver, Listen listen, CompletableFuture<Listening> result) {
    try {
      DtlsListener listener = new DtlsListener(driver, listen);
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
    Runnable closing =
        () ->
            driver.onLoop(
                () -> {
                  driver.forget(id, this);
                  associations.endAll(CloseCause.FINISHED, "the server stopped listening");
                  close();
                });
    InetSocketAddress local = (InetSocketAddress) bound.channel().localAddress();
    result.complete(new Listening(TransportAddress.of(local), closing));
  }

  @Override
  public boolean admits(InetSocketAddress remote) {
    return driver.knows(id, this) && associations.size() < listen.maxConnections();
  }

  @Override
  public boolean enter(InetSocketAddress remote) {
    return associations.size() < listen.maxConnections();
  }

  @Override
  public void left(InetSocketAddress remote) {}

  @Override
  public DtlsAssociation.Listener opened(DtlsAssociation association) {
    Peer peer = new Peer(association, driver.newOwnId());
    driver.register(peer.flow.id(), peer);
    driver.tell(new Input.Opened(peer.flow));
    return peer;
  }

  @Override
  public void refused() {
    driver.countRefusedConnection();
  }

  @Override
  public void failed() {}

  @Override
  public void readingDone() {
    driver.readingDone();
  }

  @Override
  public void send(Output.Send send) {
    driver.countDroppedSend();
  }

  @Override
  public void flush() {
    associations.flush();
  }

  @Override
  public void close() {
    associations.closeAll();
    Outcome.ignored(bound.channel().close());
  }

  /** One association. */
  private final class Peer implements Endpoint, DtlsAssociation.Listener {
    private final DtlsAssociation association;
    private final Flow flow;

    Peer(DtlsAssociation association, long peerId) {
      this.association = association;
      TransportAddress remote = TransportAddress.of(association.remote());
      flow = new Flow(peerId, Transport.DTLS, association.local(), remote);
    }

    @Override
    public void received(Bytes payload) {
      driver.received(this, flow, payload);
    }

    @Override
    public void ended(CloseCause cause, String detail) {
      driver.drop(flow.id(), this, cause, detail);
    }

    @Override
    public boolean mayIdle() {
      return true;
    }

    @Override
    public void send(Output.Send send) {
      if (!association.send(send.payload())) {
        driver.countDroppedSend();
      }
    }

    @Override
    public void flush() {
      associations.flush();
    }

    @Override
    public void close() {
      association.close();
    }
  }
}
