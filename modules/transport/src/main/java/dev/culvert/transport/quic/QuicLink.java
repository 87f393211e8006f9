package dev.culvert.transport.quic;

import dev.culvert.sansio.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicChannelOption;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicConnectionStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC connection over one channel of packets, whatever becomes of the path below that.
 *
 * <p>On the channel's event loop, except where it is said to be safe for any thread.
 */
public final class QuicLink {
  /** The peer or its application wants no more of a stream. */
  public static final int CUT = 0;

  /** Nobody took the stream. */
  public static final int UNTAKEN = 1;

  /** A limit of whoever closed the connection. */
  public static final int LIMIT = 2;

  private static final int SMALLEST_DATAGRAM = 1_000;

  /** Streams that were cut off, of each of which the library keeps a little until the end. */
  private static final int MOST_CUT = 20_000;

  private static final int MOST_OPENING = 10_000;

  private final QuicEndpoint endpoint;
  private final boolean calls;
  private final Predicate<X509Certificate> expected;
  private final QuicListener listener;
  private final DatagramOutbox outbox = new DatagramOutbox();
  private final PathGuard guard;
  private final Queue<CompletableFuture<QuicStream>> opening = new ArrayDeque<>();
  private final Handshakes handshakes;
  private volatile @Nullable Channel below;
  private volatile @Nullable QuicChannel quic;
  private boolean wrongKey;
  private boolean begun;
  private boolean over;
  private int cut;
  private @Nullable QuicEnd reason;

  QuicLink(
      QuicEndpoint endpoint,
      boolean calls,
      Predicate<X509Certificate> expected,
      QuicListener listener) {
    this.endpoint = endpoint;
    this.calls = calls;
    this.expected =
        certificate -> {
          boolean good = expected.test(certificate);
          wrongKey |= !good;
          return good;
        };
    this.listener = listener;
    this.guard = new PathGuard(outbox::packetLeft, listener::silent);
    this.handshakes = new Handshakes(this);
  }

  /** What is to be put into the pipeline of the channel of packets, once. */
  public ChannelHandler handler() {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        below = channel;
        channel
            .pipeline()
            .addLast(
                guard,
                new PromptHandshake(() -> quic != null || over),
                calls
                    ? endpoint.callerCodec(expected)
                    : endpoint.calledCodec(
                        expected, handshakes, streams(), new PathSegments(channel)),
                new ChannelInboundHandlerAdapter() {
                  @Override
                  public void channelInactive(ChannelHandlerContext context) {
                    finish(new QuicEnd(QuicEnd.Kind.FAILED, 0, "the path was closed"));
                  }

                  @Override
                  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                    // Of the path, which says more about itself elsewhere.
                  }
                });
      }
    };
  }

  /** Each stream that the peer opens. */
  private ChannelHandler streams() {
    return new ChannelInitializer<QuicStreamChannel>() {
      @Override
      protected void initChannel(QuicStreamChannel channel) {
        listener.stream(new QuicStream(QuicLink.this, channel));
      }
    };
  }

  /** There is a path, or another one than before; whoever calls begins with the first. */
  public void pathChanged() {
    guard.pathChanged();
    Channel its = below;
    if (calls && !begun && its != null) {
      begun = true;
      var unused =
          QuicChannel.newBootstrap(its)
              .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
              .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, new PathSegments(its))
              .handler(handshakes)
              .streamHandler(streams())
              .remoteAddress(its.remoteAddress())
              .connect()
              .addListener(
                  done -> {
                    if (!done.isSuccess()) {
                      handshakes.failed(done.cause());
                    }
                  });
    }
  }

  /** There is no path at present; what QUIC sends now waits, the newest of it. */
  public void pathLost() {
    guard.pathLost();
  }

  // What follows is for the handshakes.

  boolean isOver() {
    return over;
  }

  Optional<QuicChannel> chosen() {
    return Optional.ofNullable(quic);
  }

  boolean isExpected(X509Certificate certificate) {
    return expected.test(certificate);
  }

  /** The peer has proven its key, and takes datagrams of this length. */
  void ready(QuicChannel its, int longest) {
    quic = its;
    outbox.begin(its, longest);
    if (!calls) {
      guard.refuseInitials();
    }
    listener.ready();
  }

  void datagram(ByteBuf data) {
    listener.datagram(data);
  }

  QuicEnd wrongKey() {
    return new QuicEnd(
        QuicEnd.Kind.WRONG_KEY, 0, "whoever answered has not the key that was called");
  }

  boolean sawWrongKey() {
    return wrongKey;
  }

  /** It is over, for this reason unless there was one before. */
  void finish(QuicEnd end) {
    if (over) {
      return;
    }
    over = true;
    QuicEnd its = reason == null ? end : reason;
    outbox.end();
    Channel path = below;
    if (path != null) {
      ChannelFuture unused = path.close();
    }
    opening.forEach(each -> each.completeExceptionally(new IOException(its.words())));
    opening.clear();
    listener.over(its);
  }

  // What follows is safe for any thread.

  /**
   * Opens a stream; the peer hears of it with its first byte.
   *
   * @return completes as soon as the peer allows one more, on the loop, or exceptionally with an
   *     {@link IOException}
   */
  public CompletableFuture<QuicStream> open() {
    CompletableFuture<QuicStream> result = new CompletableFuture<>();
    onLoop(
        () -> {
          if (over || quic == null) {
            result.completeExceptionally(new IOException("there is no connection"));
          } else if (opening.size() >= MOST_OPENING) {
            result.completeExceptionally(new IOException("too many streams wait to be opened"));
          } else {
            opening.add(result);
            openMore();
          }
        },
        () -> result.completeExceptionally(new IOException("there is no connection")));
    return result;
  }

  /** As many as the peer allows; asking for more would lose their numbers. */
  void openMore() {
    QuicChannel its = quic;
    while (its != null
        && !opening.isEmpty()
        && its.peerAllowedStreams(QuicStreamType.BIDIRECTIONAL) > 0) {
      CompletableFuture<QuicStream> next = opening.remove();
      if (!next.isDone()) {
        open(its, next);
      }
    }
  }

  private void open(QuicChannel its, CompletableFuture<QuicStream> result) {
    QuicStream[] fresh = new QuicStream[1];
    var unused =
        its.createStream(
                QuicStreamType.BIDIRECTIONAL,
                new ChannelInitializer<QuicStreamChannel>() {
                  @Override
                  protected void initChannel(QuicStreamChannel channel) {
                    fresh[0] = new QuicStream(QuicLink.this, channel);
                  }
                })
            .addListener(
                done -> {
                  if (!done.isSuccess()) {
                    result.completeExceptionally(new IOException(done.cause()));
                  } else if (!result.complete(fresh[0])) {
                    fresh[0].cut(CUT);
                  }
                });
  }

  /**
   * Sends a datagram; false if it is too long, there is no room or no connection: it is dropped.
   */
  public boolean send(Bytes datagram) {
    return outbox.offer(datagram);
  }

  /** The longest datagram; at least 1,000 bytes. */
  public int longestDatagram() {
    return Math.max(SMALLEST_DATAGRAM, outbox.longest());
  }

  /** What went over it so far; never fails. */
  public CompletableFuture<QuicCounts> counts() {
    CompletableFuture<QuicCounts> result = new CompletableFuture<>();
    onLoop(() -> result.complete(countNow()), () -> result.complete(counts(0, Optional.empty())));
    return result;
  }

  /** On the loop, where the library answers at once. */
  private QuicCounts countNow() {
    QuicChannel its = quic;
    if (its == null) {
      return counts(0, Optional.empty());
    }
    QuicConnectionStats stats = its.collectStats().getNow();
    QuicConnectionPathStats path = over ? null : its.collectPathStats(0).getNow();
    Optional<Duration> roundTrip =
        Optional.ofNullable(path).map(known -> Duration.ofNanos(known.rtt()));
    return counts(stats == null ? 0 : stats.lost(), roundTrip);
  }

  private QuicCounts counts(long lost, Optional<Duration> roundTrip) {
    return new QuicCounts(
        guard.sentPackets(),
        guard.receivedPackets(),
        lost,
        guard.sentBytes(),
        guard.receivedBytes(),
        outbox.dropped(),
        roundTrip);
  }

  /**
   * Ends it and tells the peer; what was not sent by then is lost. Harmless when repeated.
   *
   * @param code for the peer's application
   * @param words one line, for people over there
   */
  public void close(int code, String words) {
    close(code, words, new QuicEnd(QuicEnd.Kind.CLOSED, code, words));
  }

  private void close(int code, String words, QuicEnd end) {
    onLoop(
        () -> {
          if (over) {
            return;
          }
          if (reason == null) {
            reason = end;
          }
          QuicChannel its = quic;
          if (its != null) {
            ByteBuf text = Unpooled.copiedBuffer(words, StandardCharsets.UTF_8);
            ChannelFuture unused = its.close(true, code, text);
          }
          finish(end);
        },
        () -> {});
  }

  /** One more stream was cut off. */
  void cutOff() {
    cut++;
    if (cut == MOST_CUT) {
      String words = "too many streams were cut off";
      close(LIMIT, words, new QuicEnd(QuicEnd.Kind.FAILED, LIMIT, words));
    }
  }

  private void onLoop(Runnable action, Runnable tooLate) {
    Channel its = below;
    if (its == null || !its.isRegistered()) {
      tooLate.run();
      return;
    }
    EventLoop loop = its.eventLoop();
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    try {
      loop.execute(action);
    } catch (RejectedExecutionException e) {
      tooLate.run();
    }
  }
}
