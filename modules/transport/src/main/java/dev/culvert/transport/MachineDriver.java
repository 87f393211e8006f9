package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.Transport;
import dev.culvert.transport.http.WebSocketService;
import dev.culvert.transport.http.WebSocketTerms;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one {@link Machine} on one event loop: brings it what arrives and the time, carries out
 * its outputs, and hands its events to a listener.
 *
 * <p>Made by {@link NetworkRuntime#drive}. All methods may be called from any thread; the machine
 * and the listener are only ever called on the driver's event loop, so neither may block. What they
 * throw is counted and logged, and ends at most the connection whose bytes caused it.
 *
 * @param <E> what the machine tells
 */
public final class MachineDriver<E> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MachineDriver.class);

  /** A machine that has more to do at once than this lets others have the loop in between. */
  private static final int STEPS_AT_ONCE = 10_000;

  /** A deadline in the past must not keep the loop from reading its sockets. */
  private static final Duration SHORTEST_DELAY = Duration.ofNanos(100_000);

  private final NetworkRuntime runtime;
  private final EventLoop loop;
  private final Machine<E> machine;
  private final Consumer<? super E> listener;
  private final Map<Long, Endpoint> endpoints = new HashMap<>();
  private final Queue<Input> inputs = new ArrayDeque<>();
  private final List<Endpoint> unflushed = new ArrayList<>();
  private final CompletableFuture<Void> closedFuture = new CompletableFuture<>();
  private final LongAdder machineFailures = new LongAdder();
  private final LongAdder listenerFailures = new LongAdder();
  private final LongAdder sendsDropped = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder overflows = new LongAdder();
  private @Nullable Future<?> timer;
  private @Nullable MonotonicTime timerDeadline;
  private long nextOwnId = -1;
  private boolean draining;
  private boolean touched;
  private boolean reading;
  private boolean closed;

  MachineDriver(
      NetworkRuntime runtime, EventLoop loop, Machine<E> machine, Consumer<? super E> listener) {
    this.runtime = runtime;
    this.loop = loop;
    this.machine = machine;
    this.listener = listener;
  }

  /**
   * Runs {@code action} on the driver's event loop with the present time, then carries out what the
   * machine wants done. This is how the machine's own methods are called from outside. After {@link
   * #close} the action is not run.
   */
  public void execute(Consumer<MonotonicTime> action) {
    execute(action, () -> {});
  }

  /**
   * The same for somebody who waits: if the driver is closed by then, {@code otherwise} is run
   * instead, on the event loop or at once.
   */
  public void execute(Consumer<MonotonicTime> action, Runnable otherwise) {
    onLoop(
        () -> {
          reading = false;
          guarded(() -> action.accept(NetworkRuntime.now()));
          drain();
        },
        otherwise);
  }

  /**
   * Accepts connections for the machine from now on. The machine is told of each by {@code Opened}
   * with a negative id, and may close it by that id.
   *
   * @return completes once the socket listens, or exceptionally with a {@link ListenException}
   */
  public CompletableFuture<Listening> listen(Listen listen) {
    CompletableFuture<Listening> result = new CompletableFuture<>();
    if (loop.isShuttingDown()) {
      result.completeExceptionally(
          new ListenException(listen, new IllegalStateException("the driver is closed")));
      return result;
    }
    loop.execute(
        () -> {
          if (closed) {
            result.completeExceptionally(
                new ListenException(listen, new IllegalStateException("the driver is closed")));
          } else if (listen.transport() == Transport.DTLS) {
            DtlsListener.start(this, listen, result);
          } else {
            ConnectionListener.start(this, listen, result);
          }
        });
    return result;
  }

  /**
   * Takes WebSockets for the machine that come to listeners which serve others too, such as the TLS
   * listeners of a {@link dev.culvert.transport.server.StunServer}. The machine is told of each by
   * {@code Opened} with a negative id, on its own event loop; TLS and frames stay on the
   * listener's.
   */
  public WebSocketService webSockets(WebSocketTerms terms) {
    return new DriverWebSockets(this, terms);
  }

  /**
   * A UDP socket of the machine for data that goes past it; on the event loop only.
   *
   * @param id by which the machine had it bound
   * @return empty if there is no such socket, or if it is not open yet
   */
  public Optional<DatagramLane> lane(long id) {
    return endpoints.get(id) instanceof UdpSocket socket && socket.isLane()
        ? Optional.of(socket)
        : Optional.empty();
  }

  /** The event loop on which the machine and the listener are called, for channels beside them. */
  public EventLoop loop() {
    return loop;
  }

  /** Completes on the event loop once the driver is closed, by {@link #close} or its runtime. */
  public CompletableFuture<Void> closed() {
    return closedFuture.copy();
  }

  /** Whether it takes nothing more. */
  boolean isClosed() {
    return closedFuture.isDone();
  }

  /** What was swallowed so far. */
  public DriverStatistics statistics() {
    return new DriverStatistics(
        machineFailures.sum(),
        listenerFailures.sum(),
        sendsDropped.sum(),
        connectionsRefused.sum(),
        overflows.sum());
  }

  /**
   * Closes every socket, after what was sent before. The machine and the listener are not called
   * any more once this returns. Harmless when repeated.
   */
  @Override
  public void close() {
    if (loop.inEventLoop()) {
      closeOnLoop(this::end);
      return;
    }
    if (!closedFuture.isDone()) {
      if (loop.isShuttingDown()) {
        return;
      }
      loop.execute(() -> closeOnLoop(Endpoint::close));
      closedFuture.join();
    }
  }

  private void closeOnLoop(Consumer<Endpoint> how) {
    if (closed) {
      return;
    }
    closed = true;
    cancelTimer();
    List<Endpoint> open = List.copyOf(endpoints.values());
    endpoints.clear();
    open.forEach(how);
    inputs.clear();
    runtime.forget(this);
    closedFuture.complete(null);
  }

  // What follows is for the endpoints and runs on the loop.

  NetworkRuntime runtime() {
    return runtime;
  }

  /** Runs {@code action} on the loop unless the driver is closed by then. */
  void onLoop(Runnable action) {
    onLoop(action, () -> {});
  }

  /** Runs {@code action} on the loop, or {@code otherwise} anywhere if the driver is closed. */
  void onLoop(Runnable action, Runnable otherwise) {
    Runnable unlessClosed = () -> (closed ? otherwise : action).run();
    if (loop.inEventLoop()) {
      unlessClosed.run();
      return;
    }
    try {
      loop.execute(unlessClosed);
    } catch (RejectedExecutionException e) {
      otherwise.run();
    }
  }

  /** The next id for a flow that the machine did not ask for. */
  long newOwnId() {
    return nextOwnId--;
  }

  void register(long id, Endpoint endpoint) {
    endpoints.put(id, endpoint);
  }

  /** Whether {@code endpoint} is still what the machine knows by {@code id}. */
  boolean knows(long id, Endpoint endpoint) {
    return !closed && endpoints.get(id) == endpoint;
  }

  void forget(long id, Endpoint endpoint) {
    endpoints.remove(id, endpoint);
  }

  /** Bytes arrived; more of the same batch may follow until {@link #readingDone}. */
  void received(Endpoint endpoint, Flow flow, Bytes payload) {
    if (closed) {
      return;
    }
    reading = true;
    if (!guarded(() -> machine.receive(flow, payload, NetworkRuntime.now()))
        && flow.transport().isStream()) {
      drop(flow.id(), endpoint, CloseCause.OTHER, "an internal fault while reading from it");
    }
    drain();
  }

  /** The batch of reads is over: what was sent meanwhile is flushed. */
  void readingDone() {
    reading = false;
    if (!draining) {
      flush();
    }
  }

  /** Tells the machine what became of an output, now or once it is done with what it does. */
  void tell(Input input) {
    if (!closed) {
      inputs.add(input);
      drain();
    }
  }

  /** Closes a connection against the machine's will and tells it. */
  void drop(long id, Endpoint endpoint, CloseCause cause, String detail) {
    if (knows(id, endpoint)) {
      endpoints.remove(id);
      end(endpoint);
      tell(new Input.Closed(id, cause, detail));
    }
  }

  /**
   * Closes it once the loop has handled the events that it has read: one of them may be about this
   * socket, and a new one with the same descriptor would be taken for it and closed.
   */
  private void end(Endpoint endpoint) {
    loop.execute(endpoint::close);
  }

  void wantsFlush(Endpoint endpoint) {
    unflushed.add(endpoint);
  }

  void countDroppedSend() {
    sendsDropped.increment();
  }

  void countRefusedConnection() {
    connectionsRefused.increment();
  }

  void countOverflow() {
    overflows.increment();
  }

  private boolean guarded(Runnable call) {
    try {
      call.run();
      return true;
    } catch (RuntimeException | StackOverflowError e) {
      machineFailures.increment();
      LOG.error("A machine threw; its input is dropped.", e);
      return false;
    }
  }

  private void drain() {
    // A listener that is told of an event may do something with the machine at once.
    touched = true;
    if (draining || closed) {
      return;
    }
    draining = true;
    boolean idle = false;
    try {
      for (int steps = 0; !idle && !closed && steps < STEPS_AT_ONCE; steps++) {
        touched = false;
        idle = !step() && !touched;
      }
    } catch (RuntimeException e) {
      machineFailures.increment();
      LOG.error("A machine threw while it was asked for outputs or events.", e);
    } finally {
      draining = false;
    }
    if (!reading) {
      flush();
    }
    if (!closed) {
      if (idle) {
        armTimer();
      } else {
        armTimer(NetworkRuntime.now());
      }
    }
  }

  private boolean step() {
    Input input = inputs.poll();
    if (input != null) {
      guarded(() -> machine.accept(input, NetworkRuntime.now()));
      return true;
    }
    Optional<Output> output = machine.pollOutput();
    if (output.isPresent()) {
      perform(output.get());
      return true;
    }
    Optional<E> event = machine.pollEvent();
    if (event.isPresent()) {
      try {
        listener.accept(event.get());
      } catch (RuntimeException e) {
        listenerFailures.increment();
        LOG.error("An event listener threw.", e);
      }
      return true;
    }
    return false;
  }

  private void flush() {
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).flush();
    }
    unflushed.clear();
  }

  private void armTimer() {
    Optional<MonotonicTime> deadline = machine.nextDeadline();
    if (deadline.isPresent()) {
      armTimer(deadline.get());
    } else {
      cancelTimer();
    }
  }

  private void armTimer(MonotonicTime deadline) {
    if (timer != null && deadline.equals(timerDeadline)) {
      return;
    }
    cancelTimer();
    Duration delay = deadline.since(NetworkRuntime.now());
    long nanos = Math.max(delay.toNanos(), SHORTEST_DELAY.toNanos());
    timerDeadline = deadline;
    timer = loop.schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
      timerDeadline = null;
    }
  }

  private void onTimer() {
    timer = null;
    timerDeadline = null;
    reading = false;
    if (!closed) {
      guarded(() -> machine.advance(NetworkRuntime.now()));
      drain();
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      Endpoint endpoint = endpoints.get(send.flow().id());
      if (endpoint == null) {
        sendsDropped.increment();
      } else {
        endpoint.send(send);
      }
    } else if (output instanceof Output.Bind bind) {
      UdpSocket.bind(this, bind.id(), bind.local());
    } else if (output instanceof Output.Open open) {
      open(open);
    } else if (output instanceof Output.OpenWebSocket open) {
      WebSocketClient.open(this, open);
    } else if (output instanceof Output.Listen listen) {
      ConnectionListener.start(this, listen);
    } else if (output instanceof Output.Close close) {
      Endpoint endpoint = endpoints.remove(close.id());
      if (endpoint != null) {
        end(endpoint);
      }
    } else if (output instanceof Output.Ask ask) {
      ask(ask);
    } else if (output instanceof Output.Publish publish) {
      NameOnLink.publish(this, publish);
    } else if (output instanceof Output.Announce announce) {
      NameOnLink.announce(this, announce);
    }
  }

  private void open(Output.Open open) {
    switch (open.transport()) {
      case UDP -> UdpSocket.connect(this, open);
      case TCP, TLS -> Connection.open(this, open);
      case DTLS -> DtlsConnection.open(this, open);
      case WEBSOCKET -> throw new IllegalArgumentException("opened by Output.OpenWebSocket");
    }
  }

  private void ask(Output.Ask ask) {
    if (ask.question() instanceof Question.LocalServices services) {
      runtime
          .multicastDns()
          .browse(
              services.type(), answer -> onLoop(() -> tell(new Input.Answered(ask.id(), answer))));
      return;
    }
    runtime
        .resolver()
        .ask(ask.question(), answer -> onLoop(() -> tell(new Input.Answered(ask.id(), answer))));
  }
}
