package dev.culvert.transport.relay;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.view.SocketPath;
import dev.culvert.transport.view.ViewSocket;
import dev.culvert.turn.client.TurnClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Optional;

/** All peers of an allocation that have no channel, below a socket. */
final class AnyPeerPath implements SocketPath {
  private final RelayAllocation allocation;
  private final Views views;
  private final ViewSocket socket;

  @SuppressWarnings("this-escape")
  AnyPeerPath(RelayAllocation allocation, Views views) throws SocketException {
    this.allocation = allocation;
    this.views = views;
    this.socket = new ViewSocket(this);
  }

  ViewSocket socket() {
    return socket;
  }

  @Override
  public EventLoop loop() {
    return allocation.loop();
  }

  @Override
  public InetSocketAddress localAddress() {
    return allocation.relayed().toSocketAddress();
  }

  @Override
  public Optional<TransportAddress> onlyPeer() {
    return Optional.empty();
  }

  @Override
  public int largest() {
    return TurnClient.MOST_DATA;
  }

  @Override
  public void batch(Runnable sends) {
    allocation.batch(sends);
  }

  @Override
  public void send(TransportAddress peer, ByteBuf data) {
    allocation.send(peer, Views.copy(data), NetworkRuntime.now());
  }

  @Override
  public void closed() {
    views.closed(this);
  }
}
