package dev.culvert.cli.lab.hold;

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
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * A client that holds an allocation, and sends itself a datagram through it every 100 ms: to its
 * own relayed address, so that each passes the relay twice and the client's line both ways.
 */
public final class HoldMachine implements Machine<HoldEvent> {
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration REPORT = Duration.ofMillis(200);
  private static final Duration KEEPALIVE = Duration.ofSeconds(1);

  private final TurnClient client;
  private final String over;
  private final Echoes echoes;
  private final WireCount wire = new WireCount();
  private final Queue<HoldEvent> events = new ArrayDeque<>();
  private String outcome = "none";
  private String reason = "";
  private int allocations;
  private int losses;
  private int postponements;
  private Optional<TransportAddress> relayed = Optional.empty();
  private Optional<TransportAddress> mapped = Optional.empty();
  private Optional<MonotonicTime> nextEcho = Optional.empty();
  private Optional<MonotonicTime> nextReport = Optional.empty();
  private boolean closed;

  /**
   * A client that has not begun.
   *
   * @param random for transaction ids and datagrams
   */
  public HoldMachine(TurnClientConfig config, RandomGenerator random) {
    this.client = new TurnClient(config, random);
    this.over = config.transport().name().toLowerCase(Locale.ROOT);
    this.echoes = new Echoes(random.nextLong());
  }

  /**
   * The same relay for a client that a test has no time to wait for: it asks for a sign of life
   * every second.
   *
   * @param reallocates whether it gets another allocation after a loss
   */
  public static TurnClientConfig config(TurnClientConfig config, boolean reallocates) {
    TurnClientConfig hasty = config.withKeepalive(KEEPALIVE);
    return reallocates ? hasty.withReallocation() : hasty;
  }

  /** Gives the allocation back. */
  public void close(MonotonicTime now) {
    report(now);
    closed = true;
    nextEcho = Optional.empty();
    nextReport = Optional.empty();
    client.close(now);
    pump(now);
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    wire.received(from, payload);
    client.receive(from, payload, now);
    pump(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    client.accept(input, now);
    pump(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    client.advance(now);
    pump(now);
    if (closed) {
      return;
    }
    if (relayed.isPresent() && nextEcho.filter(at -> !now.isBefore(at)).isPresent()) {
      client.send(relayed.get(), echoes.next(), now);
      nextEcho = Optional.of(now.plus(PACE));
    }
    if (nextReport.isEmpty() || !now.isBefore(nextReport.get())) {
      report(now);
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Stream.of(client.nextDeadline(), nextEcho, nextReport)
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  @Override
  public Optional<Output> pollOutput() {
    Optional<Output> output = client.pollOutput();
    output.ifPresent(wire::sent);
    return output;
  }

  @Override
  public Optional<HoldEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }

  private void pump(MonotonicTime now) {
    for (Optional<TurnClientEvent> next = client.pollEvent();
        next.isPresent();
        next = client.pollEvent()) {
      TurnClientEvent event = next.get();
      if (event instanceof TurnClientEvent.Received received) {
        if (relayed.filter(received.peer()::equals).isPresent()) {
          echoes.take(received.data(), now);
        }
      } else if (event instanceof TurnClientEvent.Closed) {
        events.add(new HoldEvent.Closed());
      } else if (!closed) {
        take(event, now);
      }
    }
  }

  private void take(TurnClientEvent event, MonotonicTime now) {
    if (event instanceof TurnClientEvent.Allocated allocated) {
      allocations++;
      outcome = "holding";
      relayed = Optional.of(allocated.relayed().get(0));
      mapped = Optional.of(allocated.mapped());
      client.permit(allocated.relayed().get(0), now);
      nextEcho = Optional.of(now);
    } else if (event instanceof TurnClientEvent.Lost lost) {
      losses++;
      gone("lost", lost.reason());
    } else if (event instanceof TurnClientEvent.Failed failed) {
      gone("failed", failed.reason());
    } else if (event instanceof TurnClientEvent.Postponed postponed) {
      postponements++;
      gone("waiting", postponed.reason());
    } else if (event instanceof TurnClientEvent.PeerRefused refused && losses == 0) {
      // After a loss it is the address that it had before, which is nobody's now.
      reason = "refused itself as a peer: " + refused.reason();
    }
    report(now);
  }

  private void gone(String what, String why) {
    outcome = what;
    reason = why;
    nextEcho = Optional.empty();
    relayed = Optional.empty();
  }

  private void report(MonotonicTime now) {
    nextReport = Optional.of(now.plus(REPORT));
    Map<String, String> fields = new HashMap<>();
    fields.put("outcome", outcome);
    fields.put("reason", reason);
    fields.put("over", over);
    fields.put("allocations", String.valueOf(allocations));
    fields.put("losses", String.valueOf(losses));
    fields.put("postponements", String.valueOf(postponements));
    relayed.ifPresent(at -> fields.put("relayed", at.toString()));
    mapped.ifPresent(at -> fields.put("mapped", at.toString()));
    fields.put("flows", String.valueOf(relayed.isPresent() && echoes.flow(now)));
    fields.put("sent", String.valueOf(echoes.sent()));
    fields.put("lostPercent", String.valueOf(echoes.lostPercent()));
    fields.put("requests", String.valueOf(wire.requests()));
    fields.put("allocates", String.valueOf(wire.allocates()));
    fields.put("refreshes", String.valueOf(wire.refreshes()));
    fields.put("staleNonces", String.valueOf(wire.staleNonces()));
    fields.put("challenges", String.valueOf(wire.challenges()));
    events.add(new HoldEvent.Standing(fields));
  }
}
