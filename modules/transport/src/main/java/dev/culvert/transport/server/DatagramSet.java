package dev.culvert.transport.server;

import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.List;

/** One loop's sockets, one per corner, and which of them have responses to flush. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class DatagramSet {
  final LoopState loop;
  final Corners corners;
  private final List<Channel> channels = new ArrayList<>();
  private int unflushed;

  DatagramSet(LoopState loop, Corners corners) {
    this.loop = loop;
    this.corners = corners;
  }

  void add(Channel channel) {
    channels.add(channel);
  }

  List<Channel> channels() {
    return channels;
  }

  /** Queues a message on the socket of {@code corner}. */
  void write(int corner, Object message) {
    Channel channel = channels.get(corner);
    channel.write(message, channel.voidPromise());
    unflushed |= 1 << corner;
  }

  boolean canWrite(int corner) {
    return corner < channels.size() && channels.get(corner).isWritable();
  }

  void flush() {
    for (int corner = 0; unflushed != 0; corner++) {
      if ((unflushed & 1 << corner) != 0) {
        unflushed &= ~(1 << corner);
        channels.get(corner).flush();
      }
    }
  }
}
