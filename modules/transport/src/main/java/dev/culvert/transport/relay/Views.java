package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The channels and the socket over one allocation. Opened by any thread, used on the loop. */
final class Views {
  private final RelayAllocation allocation;
  private final Map<TransportAddress, PeerPath> channels = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable AnyPeerPath> socket = new AtomicReference<>();
  private final LongAdder dropped = new LongAdder();
  private boolean writable = true;

  Views(RelayAllocation allocation) {
    this.allocation = allocation;
  }

  Channel open(TransportAddress peer) {
    if (peer.port() == 0) {
      throw new IllegalArgumentException(peer + " has no port");
    }
    PeerPath path = new PeerPath(allocation, this, peer);
    if (channels.putIfAbsent(peer, path) != null) {
      throw new IllegalStateException("there is a channel to " + peer + " already");
    }
    path.begin();
    return path.channel();
  }

  DatagramSocket openSocket() {
    AnyPeerPath fresh;
    try {
      fresh = new AnyPeerPath(allocation, this);
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
    if (!socket.compareAndSet(null, fresh)) {
      throw new IllegalStateException("there is a socket already");
    }
    return fresh.socket();
  }

  void closed(PeerPath path) {
    TransportAddress peer = path.peer();
    channels.remove(peer, path);
    if (socket.get() == null && channels.keySet().stream().noneMatch(isAt(peer.ip()))) {
      allocation.leave(peer);
    }
  }

  void closed(AnyPeerPath closing) {
    socket.compareAndSet(closing, null);
  }

  private static Predicate<TransportAddress> isAt(InetAddress ip) {
    return peer -> peer.ip().equals(ip);
  }

  static Bytes copy(ByteBuf data) {
    byte[] copy = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), copy);
    return Bytes.wrap(copy);
  }

  void countDropped() {
    dropped.increment();
  }

  long dropped() {
    return dropped.sum();
  }

  void received(TransportAddress peer, Bytes data) {
    PeerPath channel = channels.get(peer);
    AnyPeerPath everything = socket.get();
    if (channel != null) {
      channel.deliver(data);
    } else if (everything == null || !everything.socket().deliver(peer, data)) {
      dropped.increment();
    }
  }

  boolean isWritable() {
    return writable;
  }

  void setWritable(boolean isWritable) {
    writable = isWritable;
    changed();
  }

  /**
   * Whether there is an allocation, or whether its connection takes more, is another matter now.
   */
  void changed() {
    channels.values().forEach(path -> path.channel().changed());
  }

  void tell(TurnClientEvent event) {
    channels.values().forEach(path -> path.channel().pipeline().fireUserEventTriggered(event));
  }

  void granted(InetAddress ip) {
    each(ip, path -> path.setRefusal(null));
  }

  void refused(TurnClientEvent.PeerRefused event, RelayException why) {
    each(
        event.peer(),
        path -> {
          path.setRefusal(why);
          path.channel().pipeline().fireUserEventTriggered(event);
        });
    AnyPeerPath everything = socket.get();
    if (everything != null) {
      everything.socket().refused(event.peer(), why);
    }
  }

  void unreachable(TurnClientEvent.PeerUnreachable event) {
    PeerPath path = channels.get(event.peer());
    if (path != null) {
      path.channel().pipeline().fireUserEventTriggered(event);
    }
  }

  private void each(InetAddress ip, Consumer<PeerPath> action) {
    channels.values().stream().filter(its -> its.peer().ip().equals(ip)).forEach(action);
  }

  void end(RelayException why, boolean isLoss) {
    channels.values().forEach(path -> path.channel().end(why, isLoss));
    AnyPeerPath everything = socket.get();
    if (everything != null) {
      everything.socket().end(why.reason());
    }
  }
}
