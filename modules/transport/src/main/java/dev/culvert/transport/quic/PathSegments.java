package dev.culvert.transport.quic;

import dev.culvert.transport.view.ViewChannel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.handler.codec.quic.SegmentedDatagramPacketAllocator;
import java.net.InetSocketAddress;

/**
 * Has QUIC put packets of one length into one buffer while the path below takes them that way; it
 * asks anew each time it has something to send.
 */
final class PathSegments implements SegmentedDatagramPacketAllocator {
  /** As many as a socket sends with one call. */
  private static final int MOST = 32;

  private final Channel below;

  PathSegments(Channel below) {
    this.below = below;
  }

  @Override
  public int maxNumSegments() {
    return below instanceof ViewChannel view && view.takesSegments() ? MOST : 0;
  }

  @Override
  public DatagramPacket newPacket(ByteBuf packets, int segment, InetSocketAddress to) {
    return new SegmentedDatagramPacket(packets, segment, to);
  }
}
