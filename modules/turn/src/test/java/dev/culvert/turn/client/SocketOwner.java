package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** An application with one UDP socket, over which relays' clients go beside its own datagrams. */
final class SocketOwner implements Machine<TurnClientEvent> {
  static final long SOCKET = 5;

  final List<TurnClient> clients = new ArrayList<>();
  final List<Bytes> own = new ArrayList<>();
  final Queue<Output> outputs = new ArrayDeque<>();
  private final RandomGenerator random;
  private Optional<Flow> socket = Optional.empty();

  SocketOwner(TransportAddress local, RandomGenerator random) {
    this.random = random;
    outputs.add(new Output.Bind(SOCKET, local));
  }

  void begin(MonotonicTime now, TurnClientConfig... configs) {
    for (TurnClientConfig config : configs) {
      TurnClient client = TurnClient.sharing(socket.orElseThrow(), config, random);
      clients.add(client);
      client.advance(now);
    }
  }

  void send(TransportAddress to, Bytes bytes) {
    outputs.add(new Output.Send(socket.orElseThrow().to(to), bytes));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    boolean taken = false;
    for (TurnClient client : clients) {
      if (client.owns(from, payload)) {
        client.receive(from, payload, now);
        taken = true;
      }
    }
    if (!taken) {
      own.add(payload);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound) {
      Flow flow = new Flow(bound.id(), Transport.UDP, bound.local(), bound.local());
      socket = Optional.of(flow);
    } else {
      clients.forEach(client -> client.accept(input, now));
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    clients.forEach(client -> client.advance(now));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return clients.stream()
        .flatMap(client -> client.nextDeadline().stream())
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    for (TurnClient client : clients) {
      Optional<Output> next = client.pollOutput();
      if (next.isPresent()) {
        return next;
      }
    }
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<TurnClientEvent> pollEvent() {
    return clients.stream().flatMap(client -> client.pollEvent().stream()).findFirst();
  }
}
