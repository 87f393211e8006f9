package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** One allocation on the relay, and what its server was heard to say. Confined to one thread. */
final class Leg {
  private final TurnClient client;
  private final Tap tap;
  private final Set<Long> own = new HashSet<>();
  private boolean over;

  /**
   * One that has not begun.
   *
   * @param ids gives ids that no other leg uses
   * @param steps is given lines for people who watch
   */
  Leg(TurnClientConfig config, RandomGenerator random, LongSupplier ids, Consumer<String> steps) {
    this.tap = new Tap(steps);
    this.client =
        new TurnClient(
            config,
            random,
            () -> {
              long id = ids.getAsLong();
              own.add(id);
              return id;
            });
  }

  TurnClient client() {
    return client;
  }

  Tap tap() {
    return tap;
  }

  /** Whether nothing follows. */
  boolean isOver() {
    return over;
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (own.contains(from.id())) {
      tap.hear(payload);
      client.receive(from, payload, now);
    }
  }

  void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Opened opened && own.contains(opened.flow().id())) {
      tap.opened(opened.flow());
    } else if (input instanceof Input.Closed closed && own.contains(closed.id())) {
      tap.closed(closed);
    } else if (input instanceof Input.Unreachable unreachable
        && own.contains(unreachable.flow().id())) {
      tap.unreachable(unreachable.cause());
    }
    client.accept(input, now);
  }

  Optional<Output> pollOutput() {
    return client.pollOutput();
  }

  Optional<TurnClientEvent> pollEvent() {
    Optional<TurnClientEvent> event = client.pollEvent();
    over |=
        event
            .filter(
                last ->
                    last instanceof TurnClientEvent.Failed
                        || last instanceof TurnClientEvent.Lost
                        || last instanceof TurnClientEvent.Closed)
            .isPresent();
    return event;
  }
}
