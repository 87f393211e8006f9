package dev.culvert.transport.server;

import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;

/** The UDP sockets on one address, or on four that answer for each other, on every loop. */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel, or is counted there.
final class UdpSite {
  private final List<DatagramSet> sets;

  private UdpSite(List<DatagramSet> sets) {
    this.sets = sets;
  }

  /**
   * Opens the sockets.
   *
   * @param corners addresses with their real ports
   * @param loops those that take part; one, unless the platform lets sockets share a port
   */
  static UdpSite open(Binder binder, Corners corners, List<LoopState> loops)
      throws ListenException {
    UdpSite site = new UdpSite(new ArrayList<>());
    try {
      for (LoopState loop : loops) {
        site.openOn(binder, corners, loop);
      }
      return site;
    } catch (ListenException e) {
      site.close();
      throw e;
    }
  }

  private void openOn(Binder binder, Corners corners, LoopState loop) throws ListenException {
    DatagramSet set = new DatagramSet(loop, corners);
    sets.add(set);
    for (int corner = 0; corner < corners.count(); corner++) {
      TransportAddress address = corners.at(corner);
      DatagramHandler handler = new DatagramHandler(set, corner);
      ChannelFuture binding = binder.datagrams(loop.eventLoop, address, handler).bind();
      Channel channel = Binder.await(binding, Transport.UDP, address);
      // The set belongs to the loop, which may be reading already.
      loop.eventLoop.submit(() -> set.add(channel)).awaitUninterruptibly();
    }
  }

  /** The first loop's socket on the first corner. */
  Channel channel() {
    return sets.get(0).channels().get(0);
  }

  /** Whether all its sockets are open; on the thread that opened them. */
  boolean isOpen() {
    return sets.stream().flatMap(set -> set.channels().stream()).allMatch(Channel::isOpen);
  }

  List<Future<?>> close() {
    List<Future<?>> closing = new ArrayList<>();
    for (DatagramSet set : sets) {
      closing.add(set.loop.eventLoop.submit(() -> set.channels().forEach(Channel::close)));
    }
    return closing;
  }
}
