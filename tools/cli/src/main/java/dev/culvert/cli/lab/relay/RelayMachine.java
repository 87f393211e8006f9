package dev.culvert.cli.lab.relay;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * One side of two that talk through a relay: gets an allocation, over UDP or what else leads to the
 * relay, is told where the other's is, and sends datagrams there to have them sent back.
 *
 * <p>The first datagram is repeated until it is back, since nobody knows when the other side will
 * listen; the others are sent once each.
 */
public final class RelayMachine implements Machine<RelayEvent> {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration LAST_PATIENCE = Duration.ofSeconds(8);
  private static final Duration KNOCK = Duration.ofMillis(100);
  private static final Duration PACE = Duration.ofMillis(10);
  private static final Duration AFTERMATH = Duration.ofSeconds(1);

  private final RelayPlan plan;
  private final RandomGenerator random;
  private final AtomicLong ids = new AtomicLong();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<RelayEvent> events = new ArrayDeque<>();
  private final List<String> setbacks = new ArrayList<>();
  private final RelayTrial trial;
  private Optional<TurnClient> client = Optional.empty();
  private int way = -1;
  private int number;
  private int heard;
  private boolean described;
  private boolean ended;
  private Optional<TransportAddress> peer = Optional.empty();
  private Optional<MonotonicTime> begun = Optional.empty();
  private Optional<MonotonicTime> nextStep = Optional.empty();

  /**
   * A side that has not begun.
   *
   * @param random for transaction ids and datagrams
   */
  public RelayMachine(RelayPlan plan, RandomGenerator random) {
    this.plan = plan;
    this.random = random;
    this.trial = new RelayTrial(random.nextLong());
  }

  /** Begins to talk to {@code other}; a second call does nothing. */
  public void meet(RelayDescription other, MonotonicTime now) {
    if (begun.isPresent() || ended || !described) {
      return;
    }
    begun = Optional.of(now);
    peer = other.allocation().map(RelayDescription.Allocation::relayed);
    if (client.isEmpty()) {
      end("no allocation: " + String.join("; ", setbacks), now);
    } else if (peer.isEmpty()) {
      end("the other side has no allocation: " + other.reason(), now);
    } else {
      if (plan.permits()) {
        client.get().permit(peer.get(), now);
      }
      nextStep = Optional.of(now);
      step(now);
    }
    pump(now);
  }

  /** Gives the allocation back. */
  public void close(MonotonicTime now) {
    ended = true;
    nextStep = Optional.empty();
    if (client.isPresent()) {
      client.get().close(now);
      pump(now);
    } else {
      events.add(new RelayEvent.Closed());
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    client.ifPresent(its -> its.receive(from, payload, now));
    pump(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    client.ifPresent(its -> its.accept(input, now));
    pump(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    if (way < 0) {
      tryNext(now);
    }
    client.ifPresent(its -> its.advance(now));
    pump(now);
    if (nextStep.filter(at -> !now.isBefore(at)).isPresent()) {
      step(now);
      pump(now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    Optional<MonotonicTime> its = client.flatMap(TurnClient::nextDeadline);
    return its.filter(at -> nextStep.isEmpty() || at.isBefore(nextStep.get())).or(() -> nextStep);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll()).or(() -> client.flatMap(TurnClient::pollOutput));
  }

  @Override
  public Optional<RelayEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void tryNext(MonotonicTime now) {
    client = Optional.empty();
    way++;
    if (way >= plan.ways().size()) {
      describe(Optional.empty());
      nextStep = Optional.empty();
      return;
    }
    boolean last = way == plan.ways().size() - 1;
    nextStep = Optional.of(now.plus(last ? LAST_PATIENCE : PATIENCE));
    TurnClient next = new TurnClient(plan.ways().get(way), random, ids::getAndIncrement);
    client = Optional.of(next);
    next.advance(now);
  }

  private void describe(Optional<RelayDescription.Allocation> allocation) {
    described = true;
    events.add(
        new RelayEvent.Described(new RelayDescription(allocation, String.join("; ", setbacks))));
  }

  private void setback(String reason, MonotonicTime now) {
    setbacks.add(words(plan.ways().get(way)) + ": " + reason);
    client.ifPresent(
        its -> {
          its.close(now);
          for (Optional<Output> rest = its.pollOutput();
              rest.isPresent();
              rest = its.pollOutput()) {
            outputs.add(rest.get());
          }
        });
    tryNext(now);
  }

  private static String words(TurnClientConfig config) {
    return config.transport().name().toLowerCase(Locale.ROOT) + " to " + config.server();
  }

  private void pump(MonotonicTime now) {
    while (client.isPresent()) {
      TurnClient its = client.get();
      Optional<TurnClientEvent> event = its.pollEvent();
      if (event.isEmpty()) {
        return;
      }
      take(event.get(), now);
    }
  }

  private void take(TurnClientEvent event, MonotonicTime now) {
    if (event instanceof TurnClientEvent.Allocated allocated) {
      nextStep = Optional.empty();
      describe(
          Optional.of(
              new RelayDescription.Allocation(
                  plan.ways().get(way).transport(),
                  allocated.relayed().get(0),
                  allocated.mapped())));
    } else if (event instanceof TurnClientEvent.Failed failed) {
      setback(failed.reason(), now);
    } else if (event instanceof TurnClientEvent.Postponed postponed) {
      setback(postponed.reason(), now);
    } else if (event instanceof TurnClientEvent.Lost lost) {
      client = Optional.empty();
      setbacks.add("the allocation is lost: " + lost.reason());
      end("the allocation is lost: " + lost.reason(), now);
    } else if (event instanceof TurnClientEvent.PeerRefused refused) {
      end("the relay refuses the other side: " + refused.reason(), now);
    } else if (event instanceof TurnClientEvent.Received received) {
      take(received, now);
    } else if (event instanceof TurnClientEvent.Closed) {
      client = Optional.empty();
      events.add(new RelayEvent.Closed());
    }
  }

  private void take(TurnClientEvent.Received received, MonotonicTime now) {
    if (peer.filter(received.peer()::equals).isEmpty()) {
      return;
    }
    heard++;
    Optional<Bytes> answer = RelayTrial.answer(received.data());
    if (answer.isEmpty()) {
      trial.take(received.data(), now);
      boolean met = number == 0 && trial.hasBack(0);
      if (met || trial.back(plan.count()) == plan.count()) {
        step(now);
      }
    } else if (plan.permits()) {
      client.ifPresent(its -> its.send(received.peer(), answer.get(), now));
    }
  }

  /** What is due: the next way, the next datagram, or the end. */
  private void step(MonotonicTime now) {
    if (ended) {
      return;
    }
    if (begun.isEmpty()) {
      if (!described) {
        setback("no allocation in time", now);
      }
      return;
    }
    boolean late = !now.isBefore(begun.get().plus(plan.limit()));
    if (late || trial.back(plan.count()) == plan.count() || number >= plan.count()) {
      end(trial.hasBack(0) ? "" : reason(), now);
    } else if (!trial.hasBack(0)) {
      if (plan.permits()) {
        send(0, now);
      }
      nextStep = Optional.of(now.plus(KNOCK));
    } else {
      number++;
      send(number, now);
      nextStep = Optional.of(now.plus(number < plan.count() ? PACE : AFTERMATH));
    }
  }

  private void send(int which, MonotonicTime now) {
    Bytes question = trial.question(which, now);
    client.ifPresent(its -> its.send(peer.orElseThrow(), question, now));
  }

  private String reason() {
    if (!plan.permits()) {
      return "it does not let the other side send";
    }
    return heard == 0
        ? "nothing came from the other side"
        : heard + " datagrams came from the other side, but none of its own came back";
  }

  private void end(String reason, MonotonicTime now) {
    if (ended || begun.isEmpty()) {
      return;
    }
    ended = true;
    nextStep = Optional.empty();
    int sent = Math.min(number, plan.count());
    events.add(
        new RelayEvent.Ended(
            new RelayResult(
                sent,
                sent - trial.back(sent),
                heard,
                trial.median(),
                now.since(begun.get()),
                reason)));
  }
}
