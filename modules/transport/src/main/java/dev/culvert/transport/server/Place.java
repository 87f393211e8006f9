package dev.culvert.transport.server;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicBoolean;

/** A place that a {@link ConnectionGate} gave; it is given back once. Safe for every thread. */
final class Place {
  private static final AttributeKey<Place> KEY = AttributeKey.valueOf(Place.class, "place");

  private final ConnectionGate gate;
  private final InetAddress source;
  private final AtomicBoolean left = new AtomicBoolean();

  Place(ConnectionGate gate, InetAddress source) {
    this.gate = gate;
    this.source = source;
  }

  /** Until the channel closes at the latest. */
  void holdFor(Channel channel) {
    channel.attr(KEY).set(this);
    channel.closeFuture().addListener(closed -> leave());
  }

  /** Gives back a channel's place before it closes, for it is counted elsewhere from now on. */
  static void leave(Channel channel) {
    Place held = channel.attr(KEY).get();
    if (held != null) {
      held.leave();
    }
  }

  private void leave() {
    if (left.compareAndSet(false, true)) {
      gate.leave(source);
    }
  }
}
