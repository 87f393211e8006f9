package dev.culvert.transport.quic;

import dev.culvert.transport.view.ChannelPath;
import dev.culvert.transport.view.ViewChannel;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One direction of a path within memory, which comes and goes; on one loop with the other. */
final class Line implements ChannelPath {
  private final EventLoop loop;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  final ViewChannel channel = new ViewChannel(this, ViewChannel.Messages.PACKETS);
  private @Nullable Line peer;
  boolean joins;
  boolean up = true;
  boolean closed;
  int together;
  int packets;

  private Line(EventLoop loop, int from, int to) {
    this.loop = loop;
    local = new InetSocketAddress(InetAddress.getLoopbackAddress(), from);
    remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), to);
  }

  /** Both directions; neither channel is registered yet. */
  static Line pair(EventLoop loop) {
    Line here = new Line(loop, 1, 2);
    Line there = new Line(loop, 2, 1);
    here.peer = there;
    there.peer = here;
    return here;
  }

  Line peer() {
    return Objects.requireNonNull(peer);
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public int largest() {
    return 65_000;
  }

  @Override
  public Optional<IOException> outage() {
    return up ? Optional.empty() : Optional.of(new IOException("no path"));
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public boolean takesSegments() {
    return joins;
  }

  @Override
  public void batch(Runnable sends) {
    sends.run();
  }

  @Override
  public Optional<IOException> send(ByteBuf data) {
    if (!up) {
      return outage();
    }
    packets++;
    // It comes in a turn of the loop of its own, as from a socket.
    ByteBuf copy = Unpooled.copiedBuffer(data);
    loop.execute(
        () -> {
          if (peer().channel.read(copy)) {
            peer().channel.readCompleteSoon();
          }
        });
    return Optional.empty();
  }

  @Override
  public Optional<IOException> send(ByteBuf data, int segment) {
    together++;
    return ChannelPath.super.send(data, segment);
  }

  @Override
  public void closed() {
    closed = true;
  }
}
