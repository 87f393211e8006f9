package dev.culvert.peer;

import dev.culvert.ice.IceEvent;
import dev.culvert.sansio.Bytes;
import dev.culvert.transport.view.ViewChannel;
import dev.culvert.transport.view.ViewSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The channel or the socket that a connection's path is handed out as, of which there is one at a
 * time. Opened and closed on any thread; everything else is on the loop.
 */
final class PathViews {
  private final DataPath path;
  private final LongAdder dropped = new LongAdder();
  private volatile @Nullable ViewChannel channel;
  private volatile @Nullable ViewSocket socket;
  private boolean taken;

  PathViews(DataPath path) {
    this.path = path;
  }

  ViewChannel openChannel(ViewChannel.Messages messages, ChannelHandler handler) {
    take();
    ViewChannel fresh = new ViewChannel(path, messages);
    fresh.pipeline().addLast(handler);
    channel = fresh;
    fresh.begin();
    path.onLoop(this::opened);
    return fresh;
  }

  ViewSocket openSocket() {
    take();
    ViewSocket fresh;
    try {
      fresh = new ViewSocket(path);
    } catch (SocketException e) {
      closed();
      throw new UncheckedIOException(e);
    }
    socket = fresh;
    path.onLoop(this::opened);
    return fresh;
  }

  private synchronized void take() {
    if (taken) {
      throw new IllegalStateException("the path is handed out already");
    }
    taken = true;
  }

  private void opened() {
    path.settle();
    changed();
    if (path.isOver()) {
      end(new NoPathException("the connection is closed"));
    }
  }

  /** The view is closed: there may be another one. */
  void closed() {
    synchronized (this) {
      channel = null;
      socket = null;
      taken = false;
    }
    path.onLoop(path::settle);
  }

  boolean isOpen() {
    return channel != null || socket != null;
  }

  /** Datagrams for which there was no room. */
  long dropped() {
    return dropped.sum();
  }

  /** Takes it, and its reference; false, with neither taken, if there is no view. */
  boolean deliver(ByteBuf data) {
    ViewChannel itsChannel = channel;
    ViewSocket itsSocket = socket;
    if (itsChannel != null) {
      count(itsChannel.read(data));
    } else if (itsSocket != null) {
      count(itsSocket.deliver(path.addresses().remote(), data));
      data.release();
    }
    return itsChannel != null || itsSocket != null;
  }

  void readComplete() {
    ViewChannel its = channel;
    if (its != null) {
      its.readComplete();
    }
  }

  /** Takes what came through the session; false if there is no view. */
  boolean take(Bytes data) {
    ViewChannel itsChannel = channel;
    ViewSocket itsSocket = socket;
    if (itsChannel != null) {
      ByteBuf buffer = itsChannel.alloc().buffer(Math.max(data.length(), 1));
      buffer.writeBytes(data.asByteBuffer());
      count(itsChannel.read(buffer));
      itsChannel.readCompleteSoon();
    } else if (itsSocket != null) {
      count(itsSocket.deliver(path.addresses().remote(), data));
    }
    return itsChannel != null || itsSocket != null;
  }

  private void count(boolean kept) {
    if (!kept) {
      dropped.increment();
    }
  }

  void changed() {
    ViewChannel its = channel;
    if (its != null) {
      its.changed();
    }
  }

  void tell(IceEvent event) {
    ViewChannel its = channel;
    if (its != null) {
      its.pipeline().fireUserEventTriggered(event);
    }
  }

  void end(NoPathException why) {
    ViewChannel itsChannel = channel;
    ViewSocket itsSocket = socket;
    if (itsChannel != null) {
      itsChannel.end((IOException) why, false);
    }
    if (itsSocket != null) {
      itsSocket.end(String.valueOf(why.getMessage()));
    }
  }
}
