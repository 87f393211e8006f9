package dev.culvert.session.meet;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** A machine inside another one, which counts its ids from 0 and gets a range of them. */
final class Tenant<E> {
  /** No machine that is a tenant here opens as many sockets. */
  static final long RANGE = 1L << 16;

  private final Machine<E> machine;
  private final long first;
  private final Set<Long> open = new LinkedHashSet<>();

  /**
   * A machine that has not begun.
   *
   * @param first the id that stands for its 0
   */
  Tenant(Machine<E> machine, long first) {
    this.machine = machine;
    this.first = first;
  }

  /** What an id of the machine's is outside. */
  long outside(long id) {
    return first + id;
  }

  boolean owns(long id) {
    return id >= first && id < first + RANGE;
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    machine.receive(inside(from), payload, now);
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

  Optional<Output> pollOutput() {
    return machine.pollOutput().map(this::outside);
  }

  Optional<E> pollEvent() {
    return machine.pollEvent();
  }

  /** The sockets that it has open, but for one that somebody else keeps. */
  Set<Long> abandon(Optional<Long> kept) {
    kept.ifPresent(open::remove);
    Set<Long> left = Set.copyOf(open);
    open.clear();
    return left;
  }

  private Flow inside(Flow flow) {
    return new Flow(flow.id() - first, flow.transport(), flow.local(), flow.remote());
  }

  private Output outside(Output output) {
    if (output instanceof Output.Send send) {
      Flow flow = send.flow();
      return new Output.Send(
          new Flow(outside(flow.id()), flow.transport(), flow.local(), flow.remote()),
          send.payload(),
          send.ttl(),
          send.dontFragment());
    } else if (output instanceof Output.Bind bind) {
      open.add(outside(bind.id()));
      return new Output.Bind(outside(bind.id()), bind.local());
    } else if (output instanceof Output.Open its) {
      open.add(outside(its.id()));
      return new Output.Open(
          outside(its.id()), its.transport(), its.local(), its.remote(), its.server());
    } else if (output instanceof Output.Ask ask) {
      return new Output.Ask(outside(ask.id()), ask.question());
    } else if (output instanceof Output.Close close) {
      open.remove(outside(close.id()));
      return new Output.Close(outside(close.id()));
    }
    throw new IllegalStateException("no tenant asks for that: " + output);
  }

  private Optional<Input> inside(Input input) {
    if (input instanceof Input.Bound its) {
      return Optional.of(new Input.Bound(its.id() - first, its.local(), its.ttl()));
    } else if (input instanceof Input.BindFailed its) {
      open.remove(its.id());
      return Optional.of(new Input.BindFailed(its.id() - first, its.detail()));
    } else if (input instanceof Input.Opened its) {
      return Optional.of(new Input.Opened(inside(its.flow())));
    } else if (input instanceof Input.Closed its) {
      open.remove(its.id());
      return Optional.of(new Input.Closed(its.id() - first, its.cause(), its.detail()));
    } else if (input instanceof Input.Unreachable its) {
      return Optional.of(new Input.Unreachable(inside(its.flow()), its.cause()));
    } else if (input instanceof Input.Writable its) {
      return Optional.of(new Input.Writable(its.id() - first, its.writable()));
    } else if (input instanceof Input.Answered its) {
      return Optional.of(new Input.Answered(its.id() - first, its.answer()));
    }
    return Optional.empty();
  }
}
