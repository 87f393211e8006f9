package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Between QUIC and a path that comes and goes. QUIC waits twice as long after each probe that is
 * not answered (RFC 9002 §6.2.1), so that it would find out late that a path is there again: the
 * packets that it sent last are kept, and go out as soon as there is another path. Who had them
 * already drops them (RFC 9000 §12.3).
 */
final class PathGuard extends ChannelDuplexHandler {
  private static final int MOST_HELD = 16;
  private static final int REPEATED = 4;

  /** Acknowledgements follow what they acknowledge sooner than that; nobody answers them. */
  private static final long ANSWERS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final long SILENCE = TimeUnit.SECONDS.toNanos(1);
  private static final int LEAST_UNANSWERED = 3;
  private static final int LONG_HEADER_AND_TYPE = 0xF0;
  private static final int INITIAL = 0xC0;

  private final Runnable left;
  private final Runnable silent;
  private final Deque<DatagramPacket> held = new ArrayDeque<>();
  private final Deque<DatagramPacket> recent = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean up;
  private boolean refusesInitials;
  private long heardAt = System.nanoTime() - SILENCE;
  private long unansweredSince;
  private int unanswered;
  private volatile long sentPackets;
  private volatile long sentBytes;
  private volatile long receivedPackets;
  private volatile long receivedBytes;

  /**
   * Where there is no path yet.
   *
   * @param left is run whenever QUIC has sent a packet
   * @param silent is run while what QUIC sends is not answered, once a second at most
   */
  PathGuard(Runnable left, Runnable silent) {
    this.left = left;
    this.silent = silent;
  }

  long sentPackets() {
    return sentPackets;
  }

  long sentBytes() {
    return sentBytes;
  }

  long receivedPackets() {
    return receivedPackets;
  }

  long receivedBytes() {
    return receivedBytes;
  }

  /** The handshake is over: whoever wants to begin another one is passed over. */
  void refuseInitials() {
    refusesInitials = true;
  }

  /** There is a path, or another one than before. */
  void pathChanged() {
    up = true;
    unanswered = 0;
    ChannelHandlerContext its = context;
    if (its == null) {
      return;
    }
    if (held.isEmpty()) {
      recent.forEach(each -> write(its, each.retainedDuplicate()));
    } else {
      for (DatagramPacket next = held.poll(); next != null; next = held.poll()) {
        write(its, next);
      }
    }
    its.flush();
  }

  private static void write(ChannelHandlerContext context, DatagramPacket packet) {
    ChannelFuture unused = context.write(packet);
  }

  void pathLost() {
    up = false;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext its) {
    context = its;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext its) {
    context = null;
    held.forEach(DatagramPacket::release);
    held.clear();
    recent.forEach(DatagramPacket::release);
    recent.clear();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the loop alone writes
  public void write(ChannelHandlerContext its, Object message, ChannelPromise promise) {
    if (!(message instanceof DatagramPacket packet) || !packet.content().isReadable()) {
      ChannelFuture unused = its.write(message, promise);
      return;
    }
    int count = Packets.count(packet);
    sentPackets += count;
    sentBytes += packet.content().readableBytes();
    for (int i = 0; i < count; i++) {
      left.run();
    }
    if (!up) {
      Packets.last(packet, MOST_HELD, each -> keep(held, each, MOST_HELD));
      packet.release();
      promise.trySuccess();
      return;
    }
    Packets.last(packet, REPEATED, each -> keep(recent, each, REPEATED));
    ChannelFuture unused = its.write(packet, promise);
    suspect(System.nanoTime());
  }

  private static void keep(Deque<DatagramPacket> packets, DatagramPacket packet, int most) {
    packets.add(packet);
    if (packets.size() > most) {
      packets.remove().release();
    }
  }

  private void suspect(long now) {
    if (now - heardAt < ANSWERS) {
      return;
    }
    if (unanswered == 0) {
      unansweredSince = now;
    }
    unanswered++;
    if (unanswered >= LEAST_UNANSWERED && now - unansweredSince >= SILENCE) {
      unanswered = 0;
      silent.run();
    }
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // the loop alone writes
  public void channelRead(ChannelHandlerContext its, Object message) {
    if (message instanceof DatagramPacket packet) {
      ByteBuf data = packet.content();
      receivedPackets++;
      receivedBytes += data.readableBytes();
      if (refusesInitials
          && data.isReadable()
          && (data.getByte(data.readerIndex()) & LONG_HEADER_AND_TYPE) == INITIAL) {
        packet.release();
        return;
      }
      heardAt = System.nanoTime();
      unanswered = 0;
    }
    its.fireChannelRead(message);
  }
}
