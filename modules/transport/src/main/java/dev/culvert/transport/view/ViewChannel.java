package dev.culvert.transport.view;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The path to one peer as a channel without a socket: what is written becomes a datagram to the
 * peer, what the peer sends is read, and nothing else is.
 *
 * <p>It lives on the path's event loop; what is not a method of {@link io.netty.channel.Channel} is
 * for whoever carries the path, and is called on that loop only.
 */
public final class ViewChannel extends AbstractChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  /** Datagrams that wait while nobody reads; those that come later are dropped. */
  private static final int MOST_UNREAD = 256;

  private static final int ROOM = 1;
  private static final int WAY = 2;

  private final ChannelPath path;
  private final Messages messages;
  private final ChannelConfig config = new DefaultChannelConfig(this);
  private final Queue<ByteBuf> unread = new ArrayDeque<>();
  private boolean reading;
  private boolean delivering;
  private boolean completing;
  private boolean incomplete;
  private volatile boolean closed;

  /** What a channel's messages are. */
  public enum Messages {
    /** A {@link ByteBuf} for each datagram. */
    BYTES,
    /** A {@link DatagramPacket} for each, from and to the channel's constant addresses. */
    PACKETS
  }

  /**
   * A channel that {@link #begin} registers.
   *
   * @param messages what is read; both kinds can be written
   */
  public ViewChannel(ChannelPath path, Messages messages) {
    super(null);
    this.path = path;
    this.messages = messages;
  }

  /** Registers it with the path's loop; called once, on any thread. */
  public void begin() {
    ChannelFuture unused = path.loop().register(this);
  }

  /**
   * A datagram came; whether it was kept. The reference is the channel's from now on. {@link
   * #readComplete} or {@link #readCompleteSoon} is to follow.
   */
  public boolean read(ByteBuf data) {
    if (closed || unread.size() >= MOST_UNREAD) {
      data.release();
      return false;
    }
    if (reading && !delivering && unread.isEmpty()) {
      delivering = true;
      try {
        fire(data);
      } finally {
        delivering = false;
      }
      return true;
    }
    // What waits must not hold a buffer that has room for many.
    ByteBuf copy = alloc().buffer(data.readableBytes());
    copy.writeBytes(data);
    data.release();
    unread.add(copy);
    return true;
  }

  private void readAll() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (!closed && !unread.isEmpty()) {
        fire(unread.remove());
        readCompleteSoon();
      }
    } finally {
      delivering = false;
    }
  }

  private void fire(ByteBuf data) {
    incomplete = true;
    pipeline()
        .fireChannelRead(
            messages == Messages.BYTES
                ? data
                : new DatagramPacket(data, path.localAddress(), path.remoteAddress()));
  }

  /** The datagrams of this turn of the loop have all come. */
  public void readComplete() {
    if (incomplete) {
      incomplete = false;
      reading = false;
      if (!closed) {
        pipeline().fireChannelReadComplete();
      }
    }
  }

  /**
   * Whether {@link SegmentedDatagramPacket}s are less work than single packets at present; both can
   * be written at any time.
   */
  public boolean takesSegments() {
    return path.takesSegments();
  }

  /** Datagrams may follow in the same turn of the loop; they end with one event. */
  public void readCompleteSoon() {
    if (incomplete && !completing) {
      completing = true;
      eventLoop()
          .execute(
              () -> {
                completing = false;
                readComplete();
              });
    }
  }

  /** Takes up whether the path can be sent on, whether there is room, and its local address. */
  @SuppressWarnings("deprecation")
  public void changed() {
    ChannelOutboundBuffer out = unsafe().outboundBuffer();
    if (closed || out == null) {
      return;
    }
    invalidateLocalAddress();
    boolean stands = path.outage().isEmpty();
    out.setUserDefinedWritability(ROOM, path.isWritable());
    out.setUserDefinedWritability(WAY, stands);
    if (isRegistered() && (path.isWritable() || !stands)) {
      ((ViewUnsafe) unsafe()).resume();
    }
  }

  /**
   * There will be no path any more: the channel closes, and what is written later fails with the
   * cause.
   *
   * @param isLoss whether handlers are to be told the cause
   */
  public void end(IOException why, boolean isLoss) {
    if (!closed) {
      if (isLoss) {
        pipeline().fireExceptionCaught(why);
      }
      ((ViewUnsafe) unsafe()).fail(why);
    }
  }

  private final class ViewUnsafe extends AbstractUnsafe {
    @Override
    public void connect(
        SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
      safeSetFailure(promise, new AlreadyConnectedException());
    }

    void resume() {
      flush0();
    }

    /** Closes it; what is written later fails with this cause. */
    void fail(IOException why) {
      handleWriteError(why);
    }
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new ViewUnsafe();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop == path.loop();
  }

  @Override
  protected SocketAddress localAddress0() {
    return path.localAddress();
  }

  @Override
  protected SocketAddress remoteAddress0() {
    return path.remoteAddress();
  }

  @Override
  protected void doBind(SocketAddress local) {
    throw new UnsupportedOperationException("a path has its address already");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doClose() {
    if (!closed) {
      closed = true;
      unread.forEach(ByteBuf::release);
      unread.clear();
      path.closed();
    }
  }

  @Override
  protected void doBeginRead() {
    reading = true;
    readAll();
  }

  @Override
  protected Object filterOutboundMessage(Object message) throws IOException {
    int longest = longest(message);
    if (longest > path.largest()) {
      throw new IllegalArgumentException("a datagram has at most " + path.largest() + " bytes");
    }
    Optional<IOException> outage = path.outage();
    if (outage.isPresent()) {
      throw outage.get();
    }
    return message;
  }

  private int longest(Object message) {
    if (message instanceof ByteBuf buffer) {
      return buffer.readableBytes();
    }
    if (!(message instanceof DatagramPacket packet)) {
      throw new UnsupportedOperationException(
          "a datagram is a ByteBuf or a DatagramPacket here, not a "
              + StringUtil.simpleClassName(message));
    }
    if (!path.remoteAddress().equals(packet.recipient())) {
      throw new IllegalArgumentException(
          "the path leads to " + path.remoteAddress() + ", not to " + packet.recipient());
    }
    return Math.min(packet.content().readableBytes(), segment(packet));
  }

  /** The length of the datagrams that one message holds, of which the last may be shorter. */
  private static int segment(DatagramPacket packet) {
    return packet instanceof SegmentedDatagramPacket segmented && segmented.segmentSize() > 0
        ? segmented.segmentSize()
        : Integer.MAX_VALUE;
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer out) {
    path.batch(
        () -> {
          while (out.current() != null && !isToWait()) {
            write(out, out.current());
          }
        });
    if (out.current() != null && !isToWait()) {
      // There was room again before this was over, when nothing can be resumed.
      path.loop().execute(this::changed);
    }
  }

  /** A path that is full is waited for; one that is gone is not. */
  private boolean isToWait() {
    return !path.isWritable() && path.outage().isEmpty();
  }

  private void write(ChannelOutboundBuffer out, Object message) {
    Optional<IOException> fault =
        message instanceof DatagramPacket packet ? send(packet) : path.send((ByteBuf) message);
    if (fault.isEmpty()) {
      out.remove();
    } else {
      out.remove(fault.get());
    }
  }

  private Optional<IOException> send(DatagramPacket packet) {
    ByteBuf data = packet.content();
    int segment = segment(packet);
    if (data.readableBytes() <= segment) {
      // A QUIC codec says so that it is closed.
      return data.isReadable() ? path.send(data) : Optional.empty();
    }
    return path.send(data, segment);
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public boolean isActive() {
    return !closed && isRegistered();
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }
}
