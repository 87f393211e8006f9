package dev.culvert.transport.quic;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams of the application that wait (RFC 9221). The library drops those for which its queue
 * has no room and says nothing, so it gets only as many at once as that holds.
 */
final class DatagramOutbox {
  /** What waits here, in bytes, with something for each datagram. */
  private static final int MOST_WAITING = 256 << 10;

  private static final int EACH = 64;

  /** Far fewer than the library's queue holds: how many are there is an estimate. */
  private static final int MOST_INSIDE = 32;

  private static final long TICK_MILLIS = 25;

  private final Queue<Bytes> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean pumping = new AtomicBoolean();
  private final LongAdder dropped = new LongAdder();
  private volatile @Nullable QuicChannel channel;
  private volatile int longest;
  private int inside;
  private boolean left;
  private boolean ticking;

  /** The peer takes datagrams of this length, on the loop. */
  void begin(QuicChannel fresh, int most) {
    longest = most;
    channel = fresh;
  }

  void end() {
    channel = null;
    queue.clear();
  }

  int longest() {
    return longest;
  }

  long dropped() {
    return dropped.sum();
  }

  /** Takes one, on any thread; false if it is dropped. */
  boolean offer(Bytes datagram) {
    QuicChannel its = channel;
    int cost = datagram.length() + EACH;
    if (its == null || datagram.length() > longest || datagram.length() == 0) {
      dropped.increment();
      return false;
    }
    if (waiting.addAndGet(cost) > MOST_WAITING) {
      waiting.addAndGet(-cost);
      dropped.increment();
      return false;
    }
    queue.add(datagram);
    pumpSoon(its.eventLoop());
    return true;
  }

  private void pumpSoon(EventLoop loop) {
    if (pumping.compareAndSet(false, true)) {
      try {
        loop.execute(
            () -> {
              pumping.set(false);
              pump();
            });
      } catch (RejectedExecutionException e) {
        // Its runtime is closed: nothing goes out any more.
        queue.clear();
      }
    }
  }

  /** A packet left: at least one datagram is not inside any more. */
  void packetLeft() {
    left = true;
    if (inside > 0) {
      inside--;
      QuicChannel its = channel;
      if (its != null && !queue.isEmpty()) {
        pumpSoon(its.eventLoop());
      }
    }
  }

  private void pump() {
    QuicChannel its = channel;
    while (its != null && inside < MOST_INSIDE) {
      Bytes next = queue.poll();
      if (next == null) {
        return;
      }
      waiting.addAndGet(-next.length() - EACH);
      inside++;
      ByteBuf buffer = its.alloc().directBuffer(next.length());
      buffer.writeBytes(next.asByteBuffer());
      ChannelFuture unused = its.writeAndFlush(buffer);
    }
    if (its != null && !ticking && !queue.isEmpty()) {
      ticking = true;
      left = false;
      var unused = its.eventLoop().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Several small ones may have left in one packet, of which only one was counted. */
  private void tick() {
    ticking = false;
    if (left) {
      inside = 0;
    }
    pump();
  }
}
