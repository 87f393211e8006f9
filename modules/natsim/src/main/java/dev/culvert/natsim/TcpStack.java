package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The connections of a host, in a simple form: links do not lose or reorder segments, where one
 * gets lost all the same (a cut, a NAT that forgot) the connection is reset rather than mended, and
 * what TLS would do is taken as done once the other side listens for TLS too.
 */
final class TcpStack {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  private record Ends(TransportAddress local, TransportAddress remote) {}

  private record Listener(Resident<?> owner, Transport transport, Optional<Long> id) {
    boolean has(Resident<?> askingOwner, long askedId) {
      return owner == askingOwner && id.filter(own -> own == askedId).isPresent();
    }
  }

  private static final class Connection {
    final Resident<?> owner;
    final Flow flow;
    boolean open;
    long sent;
    long received;

    Connection(Resident<?> owner, Flow flow, boolean open) {
      this.owner = owner;
      this.flow = flow;
      this.open = open;
    }

    Bytes spoken() {
      return Bytes.utf8(flow.transport().name());
    }
  }

  private final Host host;
  private final Map<TransportAddress, Listener> listeners = new HashMap<>();
  private final Map<Ends, Connection> connections = new HashMap<>();
  private long accepted;

  TcpStack(Host host) {
    this.host = host;
  }

  void listen(Resident<?> owner, Transport transport, TransportAddress local) {
    if (!host.has(local.ip()) || listeners.containsKey(local)) {
      throw new IllegalArgumentException(host.name() + " cannot listen on " + local);
    }
    listeners.put(local, new Listener(owner, transport, Optional.empty()));
  }

  /** What became of the wish. */
  Input listen(Resident<?> owner, Output.Listen wanted) {
    if (!host.has(wanted.local().ip())) {
      return new Input.BindFailed(wanted.id(), "no such address on this host");
    }
    TransportAddress local = wanted.local().port() == 0 ? freePort(wanted.local()) : wanted.local();
    if (listeners.containsKey(local)) {
      return new Input.BindFailed(wanted.id(), "the port is in use");
    }
    listeners.put(local, new Listener(owner, Transport.TCP, Optional.of(wanted.id())));
    return new Input.Bound(wanted.id(), local, false);
  }

  /** Connects; an answer comes now only if the attempt fails at once. */
  Optional<Input> open(Resident<?> owner, Output.Open open) {
    Optional<TransportAddress> source =
        open.local()
            .filter(wanted -> !wanted.ip().isAnyLocalAddress())
            .or(() -> host.sourceFor(open.remote().ip()).map(ip -> new TransportAddress(ip, 0)))
            .filter(wanted -> host.has(wanted.ip()));
    if (source.isEmpty()) {
      return Optional.of(
          new Input.Closed(open.id(), CloseCause.UNREACHABLE, "no route to the host"));
    }
    TransportAddress local = source.get().port() == 0 ? freePort(source.get()) : source.get();
    Ends ends = new Ends(local, open.remote());
    if (connections.containsKey(ends)) {
      return Optional.of(
          new Input.Closed(open.id(), CloseCause.OTHER, "the two addresses are connected already"));
    }
    Flow flow = new Flow(open.id(), open.transport(), local, open.remote());
    Connection connection = new Connection(owner, flow, false);
    connections.put(ends, connection);
    Bytes protocol = Bytes.utf8(open.transport().name());
    host.send(Packet.tcp(Signal.SYN, local, open.remote(), protocol, 0));
    host.world()
        .schedule(
            CONNECT_TIMEOUT,
            () -> {
              if (!connection.open && connections.get(ends) == connection) {
                end(ends, connection, CloseCause.TIMED_OUT, "no answer");
              }
            });
    return Optional.empty();
  }

  void send(Resident<?> owner, Output.Send send) {
    Ends ends = new Ends(send.flow().local(), send.flow().remote());
    Connection connection = connections.get(ends);
    if (connection != null && connection.owner == owner && connection.open) {
      Packet data =
          Packet.tcp(Signal.DATA, ends.local(), ends.remote(), send.payload(), connection.sent);
      connection.sent += send.payload().length();
      host.send(data);
    }
  }

  void close(Resident<?> owner, long id) {
    listeners.values().removeIf(listener -> listener.has(owner, id));
    connections
        .entrySet()
        .removeIf(
            entry -> {
              Connection connection = entry.getValue();
              boolean meant = connection.owner == owner && connection.flow.id() == id;
              if (meant) {
                Ends ends = entry.getKey();
                host.send(
                    Packet.tcp(
                        Signal.FIN, ends.local(), ends.remote(), Bytes.empty(), connection.sent));
              }
              return meant;
            });
  }

  void closeAll(Resident<?> owner) {
    listeners.values().removeIf(listener -> listener.owner() == owner);
    List<Long> ids =
        connections.values().stream()
            .filter(connection -> connection.owner == owner)
            .map(connection -> connection.flow.id())
            .toList();
    ids.forEach(id -> close(owner, id));
  }

  void arrive(Packet packet) {
    Ends ends = new Ends(packet.destination(), packet.source());
    Connection connection = connections.get(ends);
    if (packet.signal() == Signal.SYN && connection != null && !connection.open) {
      // Both sides connect to each other at once (RFC 9293 §3.5).
      host.send(Packet.tcp(Signal.SYN_ACK, ends.local(), ends.remote(), connection.spoken(), 0));
    } else if (packet.signal() == Signal.SYN) {
      accept(packet, ends);
    } else if (connection == null) {
      if (packet.signal() == Signal.DATA || packet.signal() == Signal.SYN_ACK) {
        host.refuse(packet, Signal.RST);
      }
    } else {
      continueWith(connection, ends, packet);
    }
  }

  void error(Signal signal, Packet about) {
    Ends ends = new Ends(about.source(), about.destination());
    Connection connection = connections.get(ends);
    if (connection != null && !connection.open) {
      end(ends, connection, UdpSockets.cause(signal), "the network said so");
    }
  }

  private void accept(Packet syn, Ends ends) {
    Listener listener = listeners.get(syn.destination());
    if (listener == null) {
      host.refuse(syn, Signal.RST);
      return;
    }
    Bytes spoken = Bytes.utf8(listener.transport().name());
    host.send(Packet.tcp(Signal.SYN_ACK, ends.local(), ends.remote(), spoken, 0));
    if (syn.payload().equals(spoken)) {
      Flow flow = new Flow(--accepted, listener.transport(), ends.local(), ends.remote());
      connections.put(ends, new Connection(listener.owner(), flow, true));
      listener.owner().tell(new Input.Opened(flow));
    }
  }

  private void continueWith(Connection connection, Ends ends, Packet packet) {
    boolean inOrder = packet.signal() == Signal.DATA || packet.signal() == Signal.FIN;
    if (inOrder && packet.tag().sequence() != connection.received) {
      host.refuse(packet, Signal.RST);
      end(ends, connection, CloseCause.RESET, "bytes got lost on the way");
      return;
    }
    connection.received += packet.signal() == Signal.DATA ? packet.payload().length() : 0;
    switch (packet.signal()) {
      case SYN_ACK -> {
        if (!packet.payload().equals(connection.spoken())) {
          end(ends, connection, CloseCause.HANDSHAKE_FAILED, "the server speaks otherwise");
        } else if (!connection.open) {
          connection.open = true;
          connection.owner.tell(new Input.Opened(connection.flow));
        }
      }
      case DATA -> connection.owner.receive(connection.flow, packet.payload());
      case FIN -> end(ends, connection, CloseCause.FINISHED, "closed by the other side");
      default ->
          end(
              ends,
              connection,
              connection.open ? CloseCause.RESET : CloseCause.REFUSED,
              "nobody listens on that port");
    }
  }

  private TransportAddress freePort(TransportAddress wanted) {
    TransportAddress chosen = wanted.withPort(host.randomPort());
    while (isUsed(chosen)) {
      chosen = wanted.withPort(host.randomPort());
    }
    return chosen;
  }

  private boolean isUsed(TransportAddress local) {
    return listeners.containsKey(local)
        || connections.keySet().stream().anyMatch(ends -> ends.local().equals(local));
  }

  private void end(Ends ends, Connection connection, CloseCause cause, String detail) {
    connections.remove(ends);
    connection.owner.tell(new Input.Closed(connection.flow.id(), cause, detail));
  }
}
