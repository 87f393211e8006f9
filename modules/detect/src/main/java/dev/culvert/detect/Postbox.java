package dev.culvert.detect;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.RetransmissionPolicy;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import dev.culvert.stun.attribute.Attribute;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/** The sockets of all tests, what was sent through them, and what came back. */
final class Postbox {
  /** Replies that come later than this are none. */
  private static final Duration MEMORY = Duration.ofSeconds(10);

  private static final int MOST_UNDER_WAY = 4096;

  private final ClientTransactions transactions;
  private final Map<Long, LocalSocket> sockets = new HashMap<>();
  private final Map<TransactionId, Shot> shots = new HashMap<>();
  private final Map<TransactionId, Long> returned = new HashMap<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private long nextId;

  Postbox(RandomGenerator random) {
    this.transactions = new ClientTransactions(random, MOST_UNDER_WAY);
  }

  /** An id for an output that makes no socket. */
  long newId() {
    return nextId++;
  }

  /** A fresh UDP socket on a fresh port. */
  LocalSocket bind(InetAddress ip) {
    LocalSocket socket = add(Transport.UDP, Optional.empty());
    outputs.add(new Output.Bind(socket.id(), new TransportAddress(ip, 0)));
    return socket;
  }

  /** A connection, over UDP too; from the system's choice of address if {@code ip} is empty. */
  LocalSocket connect(
      Transport transport,
      Optional<InetAddress> ip,
      TransportAddress remote,
      Optional<ServerIdentity> identity) {
    LocalSocket socket = add(transport, Optional.of(remote));
    Optional<TransportAddress> local = ip.map(address -> new TransportAddress(address, 0));
    outputs.add(new Output.Open(socket.id(), transport, local, remote, identity));
    return socket;
  }

  void close(LocalSocket socket) {
    if (sockets.remove(socket.id()) != null) {
      outputs.add(new Output.Close(socket.id()));
    }
  }

  void closeAll() {
    for (Long id : sockets.keySet()) {
      outputs.add(new Output.Close(id));
    }
    sockets.clear();
  }

  /** Sends one Binding request; empty if too many are under way or the socket is not open. */
  Optional<Shot> shoot(
      LocalSocket socket, TransportAddress to, int ttl, MonotonicTime now, Attribute... with) {
    if (!socket.isOpen() || transactions.isFull()) {
      return Optional.empty();
    }
    TransactionId id = transactions.newTransactionId();
    ClientRequest request =
        ClientRequest.binding(socket.flow(to), id, with)
            .withPolicy(RetransmissionPolicy.once(MEMORY))
            .withTtl(ttl);
    Shot shot = new Shot(socket, to, id, now);
    shots.put(id, shot);
    transactions.start(request, now);
    collect(now);
    return Optional.of(shot);
  }

  /** Sends something that is not STUN. */
  void send(LocalSocket socket, TransportAddress to, Bytes payload) {
    if (socket.isOpen()) {
      outputs.add(new Output.Send(socket.flow(to), payload));
    }
  }

  /** Has something done that concerns no socket. */
  void perform(Output output) {
    outputs.add(output);
  }

  /** Through which socket a request that we sent came back to us; empty if it did not. */
  Optional<Long> returned(Shot shot) {
    return Optional.ofNullable(returned.get(shot.id()));
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    LocalSocket socket = sockets.get(from.id());
    if (socket == null) {
      return;
    }
    if (!socket.transport().isStream()) {
      take(socket, from, payload, now);
      return;
    }
    for (Bytes message : socket.framing().feed(payload)) {
      take(socket, from, message, now);
    }
    if (socket.framing().fault().isPresent()) {
      socket.ended(CloseCause.OTHER, "the server does not speak STUN");
      close(socket);
    }
  }

  void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound bound) {
      with(bound.id(), socket -> socket.opened(bound.local(), bound.ttl()));
    } else if (input instanceof Input.Opened opened) {
      with(opened.flow().id(), socket -> socket.opened(opened.flow().local(), false));
    } else if (input instanceof Input.BindFailed failed) {
      with(failed.id(), socket -> socket.ended(CloseCause.OTHER, failed.detail()));
    } else if (input instanceof Input.Closed closed) {
      with(closed.id(), socket -> socket.ended(closed.cause(), closed.detail()));
    } else if (input instanceof Input.Unreachable told) {
      with(told.flow().id(), socket -> socket.unreachable(told.cause()));
    }
    collect(now);
  }

  void advance(MonotonicTime now) {
    transactions.advance(now);
    collect(now);
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  private void take(LocalSocket socket, Flow from, Bytes payload, MonotonicTime now) {
    Optional<StunPacket> packet = StunCodec.decode(payload).packet();
    if (packet.isEmpty()) {
      socket.heard(payload);
      return;
    }
    TransactionId id = packet.get().message().transactionId();
    if (packet.get().message().messageClass().isResponse()) {
      transactions.receive(from, packet.get(), now);
      collect(now);
    } else if (shots.containsKey(id)) {
      returned.putIfAbsent(id, from.id());
    }
  }

  private void collect(MonotonicTime now) {
    transactions.pollSend().ifPresent(outputs::add);
    Optional<TransactionOutcome> outcome = transactions.pollOutcome();
    while (outcome.isPresent()) {
      if (outcome.get() instanceof TransactionOutcome.Responded responded) {
        replied(responded.request(), responded.response(), responded.from(), now);
      } else if (outcome.get() instanceof TransactionOutcome.Unusable unusable) {
        replied(unusable.request(), unusable.response(), unusable.from(), now);
      }
      outcome = transactions.pollOutcome();
    }
  }

  private void replied(ClientRequest request, StunPacket packet, Flow from, MonotonicTime now) {
    Shot shot = shots.get(request.id());
    if (shot != null) {
      shot.replied(new Shot.Reply(packet.message(), from.remote(), from.id(), now));
    }
  }

  private LocalSocket add(Transport transport, Optional<TransportAddress> remote) {
    LocalSocket socket = new LocalSocket(newId(), transport, remote);
    sockets.put(socket.id(), socket);
    return socket;
  }

  private void with(long id, java.util.function.Consumer<LocalSocket> action) {
    LocalSocket socket = sockets.get(id);
    if (socket != null) {
      action.accept(socket);
    }
  }
}
