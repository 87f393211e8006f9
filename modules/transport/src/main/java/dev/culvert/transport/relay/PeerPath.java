package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.view.ChannelPath;
import dev.culvert.transport.view.ViewChannel;
import dev.culvert.turn.client.TurnClient;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The path to one peer over an allocation, below a channel. */
final class PeerPath implements ChannelPath {
  private final RelayAllocation allocation;
  private final Views views;
  private final TransportAddress peer;
  private final ViewChannel channel = new ViewChannel(this, ViewChannel.Messages.BYTES);
  private @Nullable RelayException refusal;

  PeerPath(RelayAllocation allocation, Views views, TransportAddress peer) {
    this.allocation = allocation;
    this.views = views;
    this.peer = peer;
  }

  ViewChannel channel() {
    return channel;
  }

  void begin() {
    channel.begin();
    allocation.permitFor(this);
  }

  TransportAddress peer() {
    return peer;
  }

  /** Why the relay does not want the peer, for what is written meanwhile; null if it does. */
  void setRefusal(@Nullable RelayException why) {
    refusal = why;
  }

  void deliver(Bytes data) {
    ByteBuf buffer = channel.alloc().buffer(data.length());
    buffer.writeBytes(data.asByteBuffer());
    if (channel.read(buffer)) {
      channel.readCompleteSoon();
    } else {
      views.countDropped();
    }
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
  public InetSocketAddress remoteAddress() {
    return peer.toSocketAddress();
  }

  @Override
  public int largest() {
    return TurnClient.MOST_DATA;
  }

  @Override
  public Optional<IOException> outage() {
    return allocation.outage().map(IOException.class::cast);
  }

  @Override
  public boolean isWritable() {
    return views.isWritable();
  }

  @Override
  public void batch(Runnable sends) {
    allocation.batch(sends);
  }

  @Override
  public Optional<IOException> send(ByteBuf data) {
    MonotonicTime now = NetworkRuntime.now();
    if (allocation.send(peer, Views.copy(data), now)) {
      return Optional.empty();
    }
    RelayException refused = refusal;
    return outage()
        .or(
            () ->
                Optional.of(
                    refused == null ? new RelayException(0, "the relay is full") : refused));
  }

  @Override
  public void closed() {
    views.closed(this);
  }
}
