package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A machine that runs on a {@link Host}, driven the way a real driver would.
 *
 * @param <E> what the machine tells
 */
public final class Resident<E> {
  /** A real clock moves between two calls, even when a machine asks for the past. */
  private static final Duration CLOCK_STEP = Duration.ofNanos(1000);

  private final Host host;
  private final World world;
  private final Machine<E> machine;
  private final Consumer<? super E> listener;
  private Optional<MonotonicTime> armed = Optional.empty();
  private boolean draining;
  private boolean gone;

  Resident(Host host, Machine<E> machine, Consumer<? super E> listener) {
    this.host = host;
    this.world = host.world();
    this.machine = machine;
    this.listener = listener;
  }

  /** Accepts connections for the machine; each is told as {@link Input.Opened}, its id negative. */
  public Resident<E> listen(Transport transport, TransportAddress local) {
    host.tcp().listen(this, transport, local);
    return this;
  }

  /** Runs {@code action} with the present time, then does what the machine wants done. */
  public void execute(Consumer<MonotonicTime> action) {
    if (!gone) {
      action.accept(world.now());
      drain();
    }
  }

  /** Ends it as a system ends a process: the machine is told nothing, its sockets are closed. */
  public void stop() {
    gone = true;
    host.udp().closeAll(this);
    host.tcp().closeAll(this);
    world.linkNames().closeAll(this);
  }

  void start() {
    execute(machine::advance);
  }

  void receive(Flow flow, Bytes payload) {
    execute(now -> machine.receive(flow, payload, now));
  }

  void tell(Input input) {
    execute(now -> machine.accept(input, now));
  }

  private void drain() {
    if (draining) {
      return;
    }
    draining = true;
    try {
      boolean more = true;
      while (more) {
        Optional<Output> output = machine.pollOutput();
        output.ifPresent(this::perform);
        Optional<E> event = output.isPresent() ? Optional.empty() : machine.pollEvent();
        event.ifPresent(listener);
        more = output.isPresent() || event.isPresent();
      }
    } finally {
      draining = false;
    }
    machine.nextDeadline().ifPresent(this::arm);
  }

  private void arm(MonotonicTime deadline) {
    MonotonicTime soonest = world.now().plus(CLOCK_STEP);
    MonotonicTime when = deadline.isBefore(soonest) ? soonest : deadline;
    if (armed.isPresent() && !when.isBefore(armed.get())) {
      return;
    }
    armed = Optional.of(when);
    world.at(when, () -> timer(when));
  }

  private void timer(MonotonicTime when) {
    if (armed.filter(when::equals).isPresent()) {
      armed = Optional.empty();
      execute(machine::advance);
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      if (send.flow().transport() == Transport.UDP) {
        host.udp().send(this, send);
      } else {
        host.tcp().send(this, send);
      }
    } else if (output instanceof Output.Bind bind) {
      later(host.udp().bind(this, bind.id(), bind.local()));
    } else if (output instanceof Output.Open open) {
      open(open);
    } else if (output instanceof Output.OpenWebSocket open) {
      // A segment arrives whole here, and so does a message.
      open(
          new Output.Open(
              open.id(), Transport.WEBSOCKET, Optional.empty(), open.remote(), open.server()));
    } else if (output instanceof Output.Listen listen) {
      later(host.tcp().listen(this, listen));
    } else if (output instanceof Output.Close close) {
      host.udp().close(this, close.id());
      host.tcp().close(this, close.id());
      world.linkNames().close(this, close.id());
    } else if (output instanceof Output.Ask ask) {
      ask(ask);
    } else if (output instanceof Output.Publish publish) {
      later(world.linkNames().publish(this, host, publish));
    } else if (output instanceof Output.Announce announce) {
      later(world.linkNames().announce(this, host, announce));
    } else {
      throw new AssertionError(output);
    }
  }

  private void open(Output.Open open) {
    switch (open.transport()) {
      case UDP -> later(host.udp().connect(this, open));
      case TCP, TLS, WEBSOCKET -> host.tcp().open(this, open).ifPresent(this::later);
      case DTLS -> throw new IllegalArgumentException("no DTLS here");
    }
  }

  private void ask(Output.Ask ask) {
    if (ask.question() instanceof Question.Addresses addresses
        && LocalNames.isLocal(addresses.host())) {
      LinkNames.Heard heard = world.linkNames().ask(host, addresses.host());
      world.schedule(heard.after(), () -> tell(new Input.Answered(ask.id(), heard.answer())));
      return;
    }
    if (ask.question() instanceof Question.LocalServices services) {
      Input found = new Input.Answered(ask.id(), world.linkNames().browse(host, services.type()));
      world.schedule(LinkNames.BROWSING, () -> tell(found));
      return;
    }
    Input answer = new Input.Answered(ask.id(), host.resolve(ask.question()));
    world.schedule(world.names().delay(ask.question()), () -> tell(answer));
  }

  /** Tells the machine once it is done with what it does. */
  private void later(Input input) {
    world.schedule(Duration.ZERO, () -> tell(input));
  }
}
