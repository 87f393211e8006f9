package dev.culvert.transport.quic;

import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.util.function.Consumer;

/** The packets that one message holds: a {@link SegmentedDatagramPacket} holds several. */
final class Packets {
  private Packets() {}

  /** The length of all packets but the last, which may be shorter. */
  private static int segment(DatagramPacket message) {
    int all = message.content().readableBytes();
    return message instanceof SegmentedDatagramPacket its && its.segmentSize() > 0
        ? Math.min(all, its.segmentSize())
        : all;
  }

  /** How many it holds; one at least. */
  static int count(DatagramPacket message) {
    int segment = segment(message);
    return segment == 0 ? 1 : (message.content().readableBytes() + segment - 1) / segment;
  }

  /** Gives its last packets one by one, as retained views of it, in order; it is not released. */
  static void last(DatagramPacket message, int most, Consumer<DatagramPacket> taker) {
    int segment = segment(message);
    int count = count(message);
    for (int each = Math.max(0, count - most); each < count; each++) {
      int at = each * segment;
      int length = Math.min(segment, message.content().readableBytes() - at);
      int begin = message.content().readerIndex() + at;
      taker.accept(
          new DatagramPacket(message.content().retainedSlice(begin, length), message.recipient()));
    }
  }
}
