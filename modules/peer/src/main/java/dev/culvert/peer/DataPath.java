package dev.culvert.peer;

import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceEvent;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.DirectFlows;
import dev.culvert.session.PeerLink;
import dev.culvert.session.SessionEvent;
import dev.culvert.transport.DatagramLane;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.view.ChannelPath;
import dev.culvert.transport.view.SocketPath;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What carries the datagrams of one connection's view. Those on sockets of this host go straight
 * from view to socket and back, and the session is told that they do; all others go through the
 * session. Everything is on the loop, unless said otherwise.
 */
final class DataPath implements ChannelPath, SocketPath {
  private static final int LARGEST = 65_000;

  /** So many bytes go through the session before it is asked whether there is still room. */
  private static final int MOST_BATCHED = 1 << 16;

  /** How often the session is told that data flows. */
  private static final long TICK_MILLIS = 100;

  private static final Optional<IOException> NONE =
      Optional.of(new NoPathException("there is no path to the peer"));
  private static final Optional<IOException> OVER =
      Optional.of(new NoPathException("the connection is closed"));
  private static final Optional<IOException> FULL =
      Optional.of(new NoPathException("the path is full"));

  private final MachineDriver<SessionEvent> driver;
  private final Consumer<IceEvent.Received> listener;
  private final SyntheticAddresses addresses = SyntheticAddresses.next();
  private final InetSocketAddress local = addresses.local().toSocketAddress();
  private final InetSocketAddress remote = addresses.remote().toSocketAddress();
  private final PathViews views;
  private final Map<Flow, Inlet> inlets = new HashMap<>();
  private DirectFlows flows = DirectFlows.NONE;
  private @Nullable PeerLink link;
  private @Nullable DatagramLane lane;
  private @Nullable InetSocketAddress to;
  private @Nullable Inlet answering;
  private final List<Bytes> batch = new ArrayList<>();
  private boolean batching;
  private int batched;
  private boolean sent;
  private boolean ticking;
  private boolean over;
  private Optional<IOException> outage = NONE;

  /**
   * A path without flows.
   *
   * @param listener gets, on the loop, what came past the session when no view is open
   */
  @SuppressWarnings("this-escape")
  DataPath(MachineDriver<SessionEvent> driver, Consumer<IceEvent.Received> listener) {
    this.driver = driver;
    this.listener = listener;
    this.views = new PathViews(this);
  }

  /** Safe for any thread. */
  PathViews views() {
    return views;
  }

  void opened(PeerLink fresh) {
    link = fresh;
  }

  /** The session says what goes past it. */
  void use(DirectFlows now) {
    flows = now;
    settle();
    // Handlers may write, and the session is not to be called now.
    loop().execute(this::changed);
  }

  /** A view was opened or closed, or the flows are others. */
  void settle() {
    boolean wanted = views.isOpen() && !over;
    inlets
        .values()
        .removeIf(
            inlet -> {
              boolean useless = !wanted || !flows.proven().contains(inlet.flow());
              if (useless) {
                inlet.close();
              }
              return useless;
            });
    if (wanted) {
      flows.proven().forEach(this::open);
    }
    lane = flows.used().flatMap(flow -> driver.lane(flow.id())).orElse(null);
    to = flows.used().map(flow -> flow.remote().toSocketAddress()).orElse(null);
    answering = flows.used().map(inlets::get).orElse(null);
  }

  private void open(Flow flow) {
    if (!inlets.containsKey(flow)) {
      driver.lane(flow.id()).ifPresent(its -> inlets.put(flow, new Inlet(this, flow, its)));
    }
  }

  /** The session told something else than data. */
  void told(IceEvent event) {
    if (event instanceof IceEvent.PathChanged && !over) {
      outage = Optional.empty();
      changed();
    } else if (event instanceof IceEvent.PathLost && !over) {
      outage = NONE;
      changed();
    }
    views.tell(event);
  }

  boolean isOver() {
    return over;
  }

  void changed() {
    views.changed();
  }

  /** On any thread. */
  void end() {
    onLoop(
        () -> {
          over = true;
          outage = OVER;
          flows = DirectFlows.NONE;
          settle();
          views.end(new NoPathException("the connection is closed"));
        });
  }

  /** On any thread. */
  void onLoop(Runnable action) {
    if (loop().inEventLoop()) {
      action.run();
    } else {
      try {
        loop().execute(action);
      } catch (RejectedExecutionException e) {
        // Nothing runs on it any more, and nobody else touches what it owned.
        action.run();
      }
    }
  }

  /** Data came through the session; whether a view took it. */
  boolean take(Bytes data) {
    return views.take(data);
  }

  // What follows is for the inlets.

  void deliver(Flow from, ByteBuf data) {
    if (!views.deliver(data)) {
      // The view was closed just now, and the diversion to it is not undone yet.
      byte[] copy = new byte[data.readableBytes()];
      data.readBytes(copy).release();
      listener.accept(new IceEvent.Received(ComponentId.ONLY, from, Bytes.wrap(copy)));
    }
  }

  void readComplete() {
    views.readComplete();
  }

  void heardOn(Inlet inlet) {
    if (inlet == answering) {
      sent = false;
    }
    if (!ticking) {
      tick();
    }
  }

  /** Tells the session what came and went, at once after a rest and then once in a while. */
  private void tick() {
    boolean busy = sent;
    PeerLink its = link;
    if (its == null || over) {
      ticking = false;
      return;
    }
    for (Inlet inlet : List.copyOf(inlets.values())) {
      if (inlet.takeHeard()) {
        busy = true;
        driver.execute(now -> its.heard(inlet.flow(), now));
      }
    }
    if (sent) {
      sent = false;
      driver.execute(its::sent);
    }
    ticking = busy;
    if (busy) {
      Future<?> unused = loop().schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  // What follows is for the views.

  SyntheticAddresses addresses() {
    return addresses;
  }

  @Override
  public EventLoop loop() {
    return driver.loop();
  }

  @Override
  public InetSocketAddress localAddress() {
    return local;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public Optional<TransportAddress> onlyPeer() {
    return Optional.of(addresses.remote());
  }

  @Override
  public int largest() {
    return LARGEST;
  }

  @Override
  public Optional<IOException> outage() {
    return outage;
  }

  @Override
  public boolean isWritable() {
    return lane != null ? lane.isWritable() : flows.room() && batched < MOST_BATCHED;
  }

  @Override
  public void batch(Runnable sends) {
    DatagramLane before = lane;
    if (before == null && outage.isEmpty()) {
      driver.execute(now -> through(sends, now));
    } else {
      sends.run();
    }
    if (before != null) {
      before.flush();
    }
  }

  /** Has what goes through the session leave together. */
  private void through(Runnable sends, MonotonicTime now) {
    batching = true;
    try {
      sends.run();
    } finally {
      batching = false;
      PeerLink its = link;
      if (its != null && !batch.isEmpty()) {
        its.send(batch, now);
      }
      batch.clear();
      if (batched >= MOST_BATCHED) {
        loop().execute(this::changed);
      }
      batched = 0;
    }
  }

  @Override
  public Optional<IOException> send(ByteBuf data) {
    DatagramLane way = lane;
    InetSocketAddress there = to;
    if (outage.isPresent()) {
      return outage;
    }
    if (way == null || there == null) {
      return sendThroughSession(data);
    }
    return left(way.write(data.retain(), there));
  }

  private Optional<IOException> left(boolean gone) {
    if (!gone) {
      return FULL;
    }
    sent = true;
    if (!ticking) {
      tick();
    }
    return Optional.empty();
  }

  @Override
  public boolean takesSegments() {
    return lane != null && lane.takesSegments();
  }

  @Override
  public Optional<IOException> send(ByteBuf data, int segment) {
    DatagramLane way = lane;
    InetSocketAddress there = to;
    if (outage.isPresent() || way == null || there == null) {
      return ChannelPath.super.send(data, segment);
    }
    return left(way.write(data.retain(), segment, there));
  }

  private Optional<IOException> sendThroughSession(ByteBuf data) {
    PeerLink its = link;
    if (its == null) {
      return NONE;
    }
    byte[] copy = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), copy);
    if (batching) {
      batched += copy.length;
      batch.add(Bytes.wrap(copy));
    } else {
      driver.execute(now -> its.send(Bytes.wrap(copy), now));
    }
    return Optional.empty();
  }

  @Override
  public void send(TransportAddress peer, ByteBuf data) {
    // A network drops, too, what it cannot carry.
    Optional<IOException> unused = send(data);
  }

  @Override
  public void closed() {
    views.closed();
  }
}
