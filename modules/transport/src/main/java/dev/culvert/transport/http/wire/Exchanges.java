package dev.culvert.transport.http.wire;

import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.http.HttpHosts;
import dev.culvert.transport.http.HttpLimits;
import dev.culvert.transport.http.HttpReply;
import dev.culvert.transport.http.HttpService;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchanges of one connection, one after the other: while one is answered nothing is read, so
 * that whoever asks faster than it takes answers fills its own buffers and not ours.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes the channel.
final class Exchanges extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOGGER = LoggerFactory.getLogger(Exchanges.class);

  /** Requests that one read may bring; who sends more gets answers to these. */
  private static final int MOST_WAITING = 64;

  /** Closing before the client has sent all would take the answer from it. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final HttpService service;
  private final HttpLimits limits;
  private final HttpHosts hosts;
  private final Queue<Asked> waiting = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestReader reader;
  private @Nullable ScheduledFuture<?> timer;

  /** Whether something is answered now, and how many were before: answers may come too late. */
  private boolean answering;

  private long begun;
  private long replied;

  private boolean reading;
  private boolean lastCame;

  Exchanges(HttpService service, HttpLimits limits, HttpHosts hosts) {
    this.service = service;
    this.limits = limits;
    this.hosts = hosts;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    if (!(ctx.channel().remoteAddress() instanceof InetSocketAddress remote)) {
      ctx.close();
      return;
    }
    reader = new RequestReader(limits, hosts, TransportAddress.of(remote));
    within(limits.idle(), ctx::close);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    stopTimer();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stopTimer();
    waiting.clear();
    lastCame = true;
    ctx.fireChannelInactive();
  }

  /** Whether a request waits for its answer. */
  boolean isBusy() {
    return answering || !waiting.isEmpty() || lastCame;
  }

  /** Bytes came, of whatever. */
  void bytesCame() {
    if (!answering && !reading && !lastCame) {
      reading = true;
      within(limits.request(), () -> refuse(HttpReply.text(408, "the request took too long")));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject piece) {
    if (lastCame || reader == null) {
      return;
    }
    Asked complete = reader.take(piece);
    if (complete == null) {
      return;
    }
    reading = false;
    boolean last = complete.last() || waiting.size() == MOST_WAITING - 1;
    waiting.add(new Asked(complete.request(), complete.refusal(), complete.head(), last));
    lastCame = last;
    next(ctx);
  }

  /** Answers what is no request that could be answered, and ends the connection. */
  void refuse(HttpReply refusal) {
    lastCame = true;
    waiting.add(Asked.refused(refusal));
    if (context != null) {
      next(context);
    }
  }

  private void next(ChannelHandlerContext ctx) {
    if (answering) {
      return;
    }
    Asked asked = waiting.poll();
    if (asked == null) {
      within(limits.idle(), ctx::close);
      ctx.channel().config().setAutoRead(true);
      return;
    }
    answering = true;
    long number = ++begun;
    ctx.channel().config().setAutoRead(false);
    within(
        limits.request(),
        () -> reply(ctx, number, asked, HttpReply.text(503, "the answer took too long"), true));
    answer(asked)
        .whenComplete(
            (answer, failure) -> {
              HttpReply reply = failure == null ? answer : failed(failure);
              if (ctx.executor().inEventLoop()) {
                reply(ctx, number, asked, reply, asked.last());
              } else {
                ctx.executor().execute(() -> reply(ctx, number, asked, reply, asked.last()));
              }
            });
  }

  private CompletionStage<HttpReply> answer(Asked asked) {
    if (asked.request() == null) {
      return CompletableFuture.completedFuture(Objects.requireNonNull(asked.refusal()));
    }
    try {
      return service.answer(asked.request());
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static HttpReply failed(Throwable failure) {
    LOGGER.warn("a request could not be answered", failure);
    return HttpReply.text(500, "this went wrong here; the log of the server tells more");
  }

  private void reply(
      ChannelHandlerContext ctx, long number, Asked asked, HttpReply reply, boolean last) {
    if (number != begun || replied == number || !ctx.channel().isActive()) {
      return;
    }
    replied = number;
    within(limits.idle(), ctx::close);
    boolean unread = asked.refusal() != null;
    ctx.writeAndFlush(message(reply, asked.head(), last))
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                ctx.close();
              } else if (last && unread) {
                ctx.channel().config().setAutoRead(true);
                within(FAREWELL, ctx::close);
              } else if (last) {
                ctx.close();
              } else {
                answering = false;
                next(ctx);
              }
            });
  }

  private static FullHttpResponse message(HttpReply reply, boolean head, boolean last) {
    try {
      return Replies.message(reply, head, last);
    } catch (IllegalArgumentException e) {
      return Replies.message(failed(e), head, last);
    }
  }

  private void within(Duration time, Runnable otherwise) {
    stopTimer();
    if (context != null) {
      timer = context.executor().schedule(otherwise, time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  /** A connection that the client reset, or whose TLS went wrong. */
  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOGGER.debug("an HTTP connection broke", cause);
    ctx.close();
  }
}
