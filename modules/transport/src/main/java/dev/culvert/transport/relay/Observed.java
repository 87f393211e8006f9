package dev.culvert.transport.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientEvent;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A client that begins when its owner is ready for events, and whose owner hears whether the
 * connection to the server takes more.
 */
final class Observed implements Machine<TurnClientEvent> {
  private final TurnClient client;
  private final Consumer<Boolean> writability;
  private boolean begun;

  Observed(TurnClient client, Consumer<Boolean> writability) {
    this.client = client;
    this.writability = writability;
  }

  void begin(MonotonicTime now) {
    begun = true;
    client.advance(now);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    client.receive(from, payload, now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    client.accept(input, now);
    if (input instanceof Input.Writable writable) {
      writability.accept(writable.writable());
    } else if (input instanceof Input.Opened) {
      writability.accept(true);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (begun) {
      client.advance(now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return client.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return client.pollOutput();
  }

  @Override
  public Optional<TurnClientEvent> pollEvent() {
    return client.pollEvent();
  }
}
