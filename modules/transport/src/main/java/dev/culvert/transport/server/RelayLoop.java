package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.server.AllocationInfo;
import dev.culvert.turn.server.AllocationKind;
import dev.culvert.turn.server.Client;
import dev.culvert.turn.server.ClientForward;
import dev.culvert.turn.server.PeerForward;
import dev.culvert.turn.server.RelaySocket;
import dev.culvert.turn.server.TurnCount;
import dev.culvert.turn.server.TurnEvent;
import dev.culvert.turn.server.TurnServer;
import dev.culvert.turn.server.TurnServerConfig;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.netty.util.concurrent.Future;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the relay of one event loop: carries out what its engine wants, and asks it where data
 * goes on to. Belongs to that loop, its counts apart. Whoever hands it something says {@link
 * #endBatch} when the loop has read what it read at once.
 */
final class RelayLoop {
  private static final Logger LOGGER = LoggerFactory.getLogger(RelayLoop.class);

  /** A deadline in the past must not keep the loop from reading its sockets. */
  private static final long SHORTEST_DELAY_NANOS = 1_000_000;

  final LoopState loop;
  final ServerPlatform platform;
  final RelaySockets sockets;
  private final PeerStreams streams;
  private final List<RelayLoop> all;
  private final TurnServer engine;
  private final LongObjectMap<ClientSink> clients = new LongObjectHashMap<>();
  private final Queue<Input> inputs = new ArrayDeque<>();
  private final List<Runnable> unflushed = new ArrayList<>();
  private @Nullable Future<?> timer;
  private long timerDeadline;
  private long nextId = -1;
  private long batchTime;
  private boolean inBatch;
  private boolean draining;
  private boolean started;

  /**
   * A relay without allocations.
   *
   * @param all the relays of the server, of which it will be one
   */
  RelayLoop(LoopState loop, RelayService service, ServerPlatform platform, List<RelayLoop> all) {
    this.loop = loop;
    this.all = all;
    this.platform = platform;
    sockets = new RelaySockets(this);
    streams = new PeerStreams(this);
    engine =
        new TurnServer(
            heeded(service.config(), platform),
            service.resources(),
            service.credentials(),
            service.nonces(),
            loop.limiter::admit,
            new SecureRandom());
  }

  private static TurnServerConfig heeded(TurnServerConfig config, ServerPlatform platform) {
    return new TurnServerConfig(
        config.policy(),
        config.limits(),
        config.lifetime(),
        config.maxLifetime(),
        config.dontFragment() && platform.canForbidFragments(),
        config.tcpAllocations(),
        config.alternates());
  }

  /** What was counted so far; safe for every thread. */
  Map<TurnCount, Long> counts() {
    return engine.counts();
  }

  /** Requests that were refused, by their codes; safe for every thread. */
  Map<Integer, Long> refusals() {
    return engine.refusals();
  }

  /** Allocations by kind; safe for every thread. */
  Map<AllocationKind, Long> kinds() {
    return engine.kinds();
  }

  /** Whether an allocation of that id would be one of this loop's; safe for every thread. */
  boolean has(long id) {
    return (id & 0xff) == engine.home();
  }

  List<AllocationInfo> allocations(long after, int limit) {
    return engine.allocations(after, limit, new MonotonicTime(System.nanoTime()));
  }

  Optional<AllocationInfo> drop(long id) {
    begin();
    Optional<AllocationInfo> dropped = engine.drop(id, new MonotonicTime(now()));
    settle();
    endBatch();
    return dropped;
  }

  void count(ServerCount what) {
    loop.counts.add(what);
  }

  /** From now on no allocation is made. */
  void drain() {
    engine.drain();
    settle();
    endBatch();
  }

  /** An id for a socket or a connection that the engine did not ask for. */
  long newId() {
    return nextId--;
  }

  /** A UDP socket that clients send to, known from now on. */
  ClientSocket addSocket(DatagramChannel channel, TransportAddress local) {
    long id = newId();
    ClientSocket socket =
        new ClientSocket(
            this,
            new Flow(id, Transport.UDP, local, local),
            engine.clients(id),
            platform.sender(channel, this));
    clients.put(id, socket);
    return socket;
  }

  /** The socket was closed. */
  void removeSocket(ClientSocket socket) {
    clients.remove(socket.id());
  }

  /** A connection was taken: of a client, or of a peer at a relayed address. */
  void opened(Flow flow, ClientSink sink) {
    clients.put(flow.id(), sink);
    tell(new Input.Opened(flow));
  }

  /** A connection that {@link #opened} was told of, or that the engine opened, has ended. */
  void closed(long id, CloseCause cause, String detail) {
    clients.remove(id);
    streams.forget(id);
    tell(new Input.Closed(id, cause, detail));
  }

  /** A datagram, or a message of DTLS: whatever is neither ChannelData nor a Binding request. */
  void receive(Flow from, Bytes payload) {
    begin();
    engine.receive(from, payload, new MonotonicTime(now()));
    settle();
  }

  /** A message that was cut out of a TCP or TLS connection, ChannelData apart. */
  void receiveMessage(Flow from, Bytes message) {
    begin();
    engine.receiveMessage(from, message, new MonotonicTime(now()));
    settle();
  }

  /** Tells the engine what became of an output, now or once it is done with what it does. */
  void tell(Input input) {
    boolean alone = !draining;
    inputs.add(input);
    settle();
    if (alone) {
      endBatch();
    }
  }

  /** The client of a connection; null: it has no allocation. */
  @Nullable Client client(long connection) {
    return engine.client(connection);
  }

  /** With which connection another is joined; {@link TurnServer#NONE}: with none. */
  long splice(long connection) {
    return engine.splice(connection);
  }

  /** The relay that has to get a ConnectionBind request, which may be another loop's. */
  RelayLoop homeOf(Bytes message) {
    int home = TurnServer.homeOf(message).orElse(engine.home());
    return all.stream().filter(each -> each.engine.home() == home).findFirst().orElse(this);
  }

  /**
   * Joins a client's connection with the peer's that the engine says.
   *
   * @return what handles the client's connection from now on; null: the two are not joined
   */
  @Nullable Pipe join(long connection, Channel channel) {
    long partner = engine.splice(connection);
    Pipe peer =
        partner >= 0 ? streams.pipe(partner) : clients.get(partner) instanceof Pipe p ? p : null;
    if (partner == TurnServer.NONE || peer == null) {
      return null;
    }
    Pipe pipe = new Pipe(this, connection, channel);
    clients.put(connection, pipe);
    pipe.join(peer);
    peer.join(pipe);
    return pipe;
  }

  /** Runs something on the loop, at once if this is it. */
  void execute(Runnable action) {
    if (loop.eventLoop.inEventLoop()) {
      action.run();
    } else {
      loop.eventLoop.execute(action);
    }
  }

  void countSpliced(long from, int bytes) {
    engine.countSpliced(from, bytes);
  }

  @Nullable RelaySocket socket(long id) {
    return engine.relay(id);
  }

  /** ChannelData of a client: passes the bytes on, which must stay until the loop flushes. */
  void toPeer(Client client, int channel, ByteBuf data, int index, int length) {
    PeerForward to = client.toPeer(channel, length, now());
    DatagramSender sender = to == null ? null : sender(to);
    if (to != null && sender != null) {
      sender.send(data, index, length, to.peer());
    }
  }

  private @Nullable DatagramSender sender(PeerForward to) {
    if (to.attachment() instanceof DatagramSender known) {
      return known;
    }
    DatagramSender found = sockets.sender(to.relay());
    if (found != null) {
      to.attach(found);
    }
    return found;
  }

  /** A peer's datagram for a client with a channel. */
  void toClient(ClientForward to, ByteBuf data) {
    ClientSink sink = clients.get(to.client().id());
    if (sink != null) {
      sink.relay(to, data);
    }
  }

  /** Nanoseconds, read once for all that the loop reads at once. */
  long now() {
    if (!inBatch) {
      inBatch = true;
      batchTime = System.nanoTime();
    }
    return batchTime;
  }

  /** Runs {@code flush} once, at the end of the batch. */
  void wantsFlush(Runnable flush) {
    unflushed.add(flush);
  }

  /** Sends what waits, before the memory that it lies in goes. */
  void sendWaiting() {
    sockets.batch.flush();
  }

  /** All that was read at once has been handed over. */
  void endBatch() {
    inBatch = false;
    sockets.batch.flush();
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).run();
    }
    unflushed.clear();
  }

  private void begin() {
    if (!started) {
      started = true;
      engine.advance(new MonotonicTime(now()));
    }
  }

  private void settle() {
    if (draining) {
      return;
    }
    draining = true;
    begin();
    try {
      boolean busy = true;
      while (busy) {
        busy = step();
      }
    } finally {
      draining = false;
    }
    armTimer();
  }

  private boolean step() {
    try {
      Input input = inputs.poll();
      if (input != null) {
        engine.accept(input, new MonotonicTime(now()));
        return true;
      }
      Optional<Output> output = engine.pollOutput();
      if (output.isPresent()) {
        perform(output.get());
        return true;
      }
      Optional<TurnEvent> event = engine.pollEvent();
      event.ifPresent(what -> LOGGER.debug("{}", what));
      return event.isPresent();
    } catch (RuntimeException e) {
      LOGGER.error("The relay failed at a step, which is left out.", e);
      return true;
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      ClientSink sink = clients.get(send.flow().id());
      DatagramSender sender = sink == null ? sockets.sender(send.flow().id()) : null;
      if (sink != null) {
        sink.send(send);
      } else if (sender != null) {
        sender.send(send.payload(), send.flow().remote().toSocketAddress(), send.dontFragment());
      }
    } else if (output instanceof Output.Bind bind) {
      sockets.bind(bind);
    } else if (output instanceof Output.Listen listen) {
      streams.listen(listen);
    } else if (output instanceof Output.Open open) {
      streams.open(open);
    } else if (output instanceof Output.Close close) {
      ClientSink sink = clients.remove(close.id());
      if (sink != null) {
        sink.close();
      } else {
        sockets.close(close.id());
        streams.close(close.id());
      }
    }
  }

  private void armTimer() {
    Optional<MonotonicTime> deadline = engine.nextDeadline();
    if (deadline.isEmpty()) {
      return;
    }
    long at = deadline.get().nanos();
    // One that comes too early does no harm, and is cheaper than one for each change.
    if (timer != null && timerDeadline - at <= 0) {
      return;
    }
    if (timer != null) {
      timer.cancel(false);
    }
    timerDeadline = at;
    long delay = Math.max(at - System.nanoTime(), SHORTEST_DELAY_NANOS);
    timer = loop.eventLoop.schedule(this::onTimer, delay, TimeUnit.NANOSECONDS);
  }

  private void onTimer() {
    timer = null;
    engine.advance(new MonotonicTime(now()));
    settle();
    endBatch();
  }
}
