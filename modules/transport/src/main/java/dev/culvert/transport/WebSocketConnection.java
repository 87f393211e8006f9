package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of a machine, opened or accepted. It belongs to the driver's loop; its channel may
 * live on that loop or on another one, and then whatever passes between them is a task of the one
 * to whom it passes.
 */
final class WebSocketConnection implements Endpoint, WebSocketMessages.Owner {
  /** What a machine that lags behind has before it of one connection; reading stops with more. */
  private static final long UNHANDLED = 64 << 10;

  /** What a message costs beside its bytes. */
  private static final int OVERHEAD = 64;

  /** The same for one that waits to be sent: its frame, buffers and promise, and TLS around it. */
  private static final int UNSENT_OVERHEAD = 256;

  private final MachineDriver<?> driver;
  private final int unsent;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong unhandled = new AtomicLong();
  private final boolean accepted;
  private List<Bytes> batch = new ArrayList<>();
  private long id;
  private volatile @Nullable Channel channel;
  private @Nullable WebSocketMessages messages;
  private @Nullable Flow flow;
  private boolean dirty;

  private WebSocketConnection(MachineDriver<?> driver, long id, int unsent, boolean accepted) {
    this.driver = driver;
    this.id = id;
    this.unsent = unsent;
    this.accepted = accepted;
  }

  /** One that the machine asked for. */
  static WebSocketConnection wanted(MachineDriver<?> driver, long id, int unsent) {
    return new WebSocketConnection(driver, id, unsent, false);
  }

  /** One that the machine does not know of until it stands. */
  static WebSocketConnection accepted(MachineDriver<?> driver, int unsent) {
    return new WebSocketConnection(driver, 0, unsent, true);
  }

  /** Its channel, before it stands; on the driver's loop. */
  void connecting(Channel connecting) {
    channel = connecting;
  }

  /** It will not stand; on the driver's loop. */
  void fail(Fault why) {
    driver.drop(id, this, why.cause(), why.detail());
  }

  @Override
  public void opened(Channel standing, WebSocketMessages handler) {
    channel = standing;
    driver.onLoop(() -> open(standing, handler), () -> onChannelLoop(standing, handler::close));
  }

  private void open(Channel standing, WebSocketMessages handler) {
    messages = handler;
    if (accepted) {
      id = driver.newOwnId();
      driver.register(id, this);
    }
    if (!driver.knows(id, this)) {
      Outcome.ignored(standing.close());
    } else if (standing.localAddress() instanceof InetSocketAddress local
        && standing.remoteAddress() instanceof InetSocketAddress remote) {
      flow =
          new Flow(
              id, Transport.WEBSOCKET, TransportAddress.of(local), TransportAddress.of(remote));
      driver.tell(new Input.Opened(flow));
    } else if (accepted) {
      driver.forget(id, this);
      Outcome.ignored(standing.close());
    } else {
      fail(new Fault(CloseCause.RESET, "the connection was cut as soon as it stood"));
    }
  }

  @Override
  public void received(Bytes message) {
    Channel in = channel;
    long cost = (long) message.length() + OVERHEAD;
    if (unhandled.addAndGet(cost) > UNHANDLED && in != null) {
      in.config().setAutoRead(false);
    }
    driver.onLoop(() -> handle(message, cost));
    if (in != null && unhandled.get() <= UNHANDLED / 2) {
      // It may have been handled before the reading was stopped.
      in.config().setAutoRead(true);
    }
  }

  private void handle(Bytes message, long cost) {
    Flow from = flow;
    if (from != null && driver.knows(id, this)) {
      driver.received(this, from, message);
      driver.readingDone();
    }
    Channel in = channel;
    if (unhandled.addAndGet(-cost) <= UNHANDLED / 2 && in != null) {
      in.config().setAutoRead(true);
    }
  }

  @Override
  public void writable(boolean writable) {
    driver.onLoop(
        () -> {
          if (flow != null && driver.knows(id, this)) {
            driver.tell(new Input.Writable(id, writable));
          }
        });
  }

  @Override
  public void ended(Fault why) {
    driver.onLoop(() -> fail(why));
  }

  @Override
  public void send(Output.Send send) {
    Channel out = channel;
    WebSocketMessages handler = messages;
    if (out == null || handler == null) {
      driver.countDroppedSend();
      return;
    }
    int cost = cost(send.payload());
    boolean near = out.eventLoop() == driver.loop();
    if (near && queued.get() + cost > unsent) {
      out.flush();
    }
    if (queued.get() + cost > unsent) {
      driver.countOverflow();
      driver.drop(id, this, CloseCause.OVERFLOW, "the other side does not read; the queue is full");
      onChannelLoop(out, () -> WebSocketMessages.abort(out));
      return;
    }
    queued.addAndGet(cost);
    if (near) {
      write(handler, send.payload());
    } else {
      batch.add(send.payload());
    }
    if (!dirty) {
      dirty = true;
      driver.wantsFlush(this);
    }
  }

  private static int cost(Bytes message) {
    return message.length() + UNSENT_OVERHEAD;
  }

  private void write(WebSocketMessages handler, Bytes message) {
    handler.write(message, () -> queued.addAndGet(-cost(message)));
  }

  @Override
  public void flush() {
    dirty = false;
    Channel out = channel;
    WebSocketMessages handler = messages;
    if (out == null || handler == null) {
      return;
    }
    List<Bytes> written = batch;
    batch = written.isEmpty() ? written : new ArrayList<>();
    onChannelLoop(
        out,
        () -> {
          written.forEach(message -> write(handler, message));
          out.flush();
        });
  }

  @Override
  public void close() {
    Channel out = channel;
    WebSocketMessages handler = messages;
    if (out == null) {
      return;
    }
    if (handler == null) {
      Outcome.ignored(out.close());
      return;
    }
    flush();
    onChannelLoop(out, handler::close);
  }

  private static void onChannelLoop(Channel channel, Runnable action) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    try {
      loop.execute(action);
    } catch (RejectedExecutionException e) {
      // That loop is gone, and its channels with it.
      Outcome.ignored(channel.close());
    }
  }
}
