package dev.culvert.session;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A machine with sockets of its own inside another one: its ids are translated, so that both may
 * count as they like.
 */
final class Hosted<E> {
  private final Machine<E> machine;
  private final Desk desk;
  private final BiConsumer<E, MonotonicTime> listener;
  private final Map<Long, Long> outer = new HashMap<>();
  private final Map<Long, Long> inner = new HashMap<>();

  Hosted(Machine<E> machine, Desk desk, BiConsumer<E, MonotonicTime> listener) {
    this.machine = machine;
    this.desk = desk;
    this.listener = listener;
  }

  boolean has(long id) {
    return inner.containsKey(id);
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    Long its = inner.get(from.id());
    if (its != null) {
      machine.receive(withId(from, its), payload, now);
    }
  }

  void accept(Input input, MonotonicTime now) {
    inside(input).ifPresent(its -> machine.accept(its, now));
  }

  void advance(MonotonicTime now) {
    machine.advance(now);
  }

  Optional<MonotonicTime> nextDeadline() {
    return machine.nextDeadline();
  }

  boolean drain(MonotonicTime now) {
    boolean busy = false;
    for (Optional<Output> next = machine.pollOutput();
        next.isPresent();
        next = machine.pollOutput()) {
      desk.put(outside(next.get()));
      busy = true;
    }
    for (Optional<E> next = machine.pollEvent(); next.isPresent(); next = machine.pollEvent()) {
      listener.accept(next.get(), now);
      busy = true;
    }
    return busy;
  }

  /** Closes what it has open. */
  void close() {
    inner.keySet().forEach(id -> desk.put(new Output.Close(id)));
  }

  private static Flow withId(Flow flow, long id) {
    return new Flow(id, flow.transport(), flow.local(), flow.remote());
  }

  private long outer(long id) {
    return outer.computeIfAbsent(
        id,
        its -> {
          long fresh = desk.newId();
          inner.put(fresh, its);
          return fresh;
        });
  }

  private Output outside(Output output) {
    if (output instanceof Output.Send send) {
      Flow flow = withId(send.flow(), outer(send.flow().id()));
      return new Output.Send(flow, send.payload(), send.ttl(), send.dontFragment());
    } else if (output instanceof Output.Bind bind) {
      return new Output.Bind(outer(bind.id()), bind.local());
    } else if (output instanceof Output.Open open) {
      return new Output.Open(
          outer(open.id()), open.transport(), open.local(), open.remote(), open.server());
    } else if (output instanceof Output.Listen listen) {
      return new Output.Listen(outer(listen.id()), listen.local());
    } else if (output instanceof Output.Ask ask) {
      return new Output.Ask(outer(ask.id()), ask.question());
    } else if (output instanceof Output.Close close) {
      long id = outer(close.id());
      inner.remove(id);
      return new Output.Close(id);
    }
    return output;
  }

  private Optional<Input> inside(Input input) {
    if (input instanceof Input.Bound bound) {
      return its(bound.id()).map(id -> new Input.Bound(id, bound.local(), bound.ttl()));
    } else if (input instanceof Input.BindFailed failed) {
      return its(failed.id()).map(id -> new Input.BindFailed(id, failed.detail()));
    } else if (input instanceof Input.Opened opened) {
      return its(opened.flow().id()).map(id -> new Input.Opened(withId(opened.flow(), id)));
    } else if (input instanceof Input.Closed closed) {
      return its(closed.id()).map(id -> new Input.Closed(id, closed.cause(), closed.detail()));
    } else if (input instanceof Input.Unreachable unreachable) {
      return its(unreachable.flow().id())
          .map(id -> new Input.Unreachable(withId(unreachable.flow(), id), unreachable.cause()));
    } else if (input instanceof Input.Writable writable) {
      return its(writable.id()).map(id -> new Input.Writable(id, writable.writable()));
    } else if (input instanceof Input.Answered answered) {
      return its(answered.id()).map(id -> new Input.Answered(id, answered.answer()));
    }
    return Optional.empty();
  }

  private Optional<Long> its(long id) {
    return Optional.ofNullable(inner.get(id));
  }
}
