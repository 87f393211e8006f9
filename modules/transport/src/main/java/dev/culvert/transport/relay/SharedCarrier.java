package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs a client over the channel of a handler. Confined to the channel's loop. */
final class SharedCarrier implements Carrier {
  private static final Duration SHORTEST_DELAY = Duration.ofNanos(100_000);

  private final ChannelHandlerContext context;
  private final TurnClient client;
  private final Flow socket;
  private final Consumer<TurnClientEvent> listener;
  private @Nullable Future<?> timer;
  private Optional<MonotonicTime> armed = Optional.empty();
  private boolean reading;
  private boolean draining;
  private boolean released;

  SharedCarrier(
      ChannelHandlerContext context,
      TurnClient client,
      Flow socket,
      Consumer<TurnClientEvent> listener) {
    this.context = context;
    this.client = client;
    this.socket = socket;
    this.listener = listener;
  }

  @Override
  public EventLoop loop() {
    return context.channel().eventLoop();
  }

  @Override
  public void execute(Consumer<MonotonicTime> action) {
    if (!loop().inEventLoop()) {
      if (!loop().isShuttingDown()) {
        loop().execute(() -> execute(action));
      }
    } else if (!released) {
      action.accept(NetworkRuntime.now());
      drain();
      if (!reading && !draining) {
        context.flush();
      }
    }
  }

  /** The handler hears of the channel's end itself. */
  @Override
  public void whenReleased(Runnable action) {}

  /** Takes the datagram if it is the client's, and leaves it alone otherwise. */
  boolean receive(DatagramPacket packet) {
    if (released || packet.sender() == null || packet.sender().isUnresolved()) {
      return false;
    }
    Flow from = socket.to(TransportAddress.of(packet.sender()));
    if (!client.hears(from)) {
      return false;
    }
    byte[] copy = new byte[packet.content().readableBytes()];
    packet.content().getBytes(packet.content().readerIndex(), copy);
    Bytes payload = Bytes.wrap(copy);
    if (!client.owns(from, payload)) {
      return false;
    }
    packet.release();
    reading = true;
    execute(now -> client.receive(from, payload, now));
    return true;
  }

  void readingDone() {
    if (reading) {
      reading = false;
      context.flush();
    }
  }

  void closed(String why) {
    execute(now -> client.accept(new Input.Closed(socket.id(), CloseCause.FINISHED, why), now));
  }

  @Override
  public void release() {
    if (!loop().inEventLoop()) {
      if (!loop().isShuttingDown()) {
        loop().execute(this::release);
      }
    } else if (!released) {
      context.flush();
      released = true;
      cancelTimer();
      if (context.pipeline().context(context.handler()) != null) {
        context.pipeline().remove(context.handler());
      }
    }
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      boolean more = true;
      while (more && !released) {
        Optional<Output> output = client.pollOutput();
        output.ifPresent(this::perform);
        Optional<TurnClientEvent> event =
            output.isPresent() ? Optional.empty() : client.pollEvent();
        event.ifPresent(listener);
        more = output.isPresent() || event.isPresent();
      }
    } finally {
      draining = false;
    }
    if (!released) {
      armTimer();
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      ByteBuf buffer = context.alloc().directBuffer(Math.max(send.payload().length(), 1));
      buffer.writeBytes(send.payload().asByteBuffer());
      ChannelFuture unused =
          context.write(new DatagramPacket(buffer, send.flow().remote().toSocketAddress()));
    }
  }

  private void armTimer() {
    Optional<MonotonicTime> next = client.nextDeadline();
    if (next.equals(armed)) {
      return;
    }
    cancelTimer();
    armed = next;
    next.ifPresent(
        deadline -> {
          Duration delay = deadline.since(NetworkRuntime.now());
          long nanos = Math.max(delay.toNanos(), SHORTEST_DELAY.toNanos());
          timer = loop().schedule(this::onTimer, nanos, TimeUnit.NANOSECONDS);
        });
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    armed = Optional.empty();
  }

  private void onTimer() {
    timer = null;
    armed = Optional.empty();
    execute(client::advance);
  }
}
