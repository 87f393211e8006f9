package dev.culvert.transport.relay;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClientEvent;
import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A client with a socket or connection of its own. */
final class DriverCarrier implements Carrier {
  private final MachineDriver<TurnClientEvent> driver;

  DriverCarrier(NetworkRuntime runtime, Observed machine, Consumer<TurnClientEvent> listener) {
    driver = runtime.drive(machine, listener);
  }

  @Override
  public EventLoop loop() {
    return driver.loop();
  }

  @Override
  public void execute(Consumer<MonotonicTime> action) {
    driver.execute(action);
  }

  @Override
  public void whenReleased(Runnable action) {
    CompletableFuture<Void> unused = driver.closed().thenRun(action);
  }

  @Override
  public void release() {
    driver.close();
  }
}
