package dev.culvert.transport.relay;

import dev.culvert.sansio.MonotonicTime;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** What runs a client's engine: a driver with a socket of its own, or a handler in a pipeline. */
interface Carrier {

  /** Where the engine is called. */
  EventLoop loop();

  /** Runs this on the loop, at once if this is the loop, and does what the engine wants done. */
  void execute(Consumer<MonotonicTime> action);

  /** Runs this on the loop when the engine is called no more, by whomever it was released. */
  void whenReleased(Runnable action);

  /** Leaves the engine alone for good; harmless when repeated. */
  void release();
}
