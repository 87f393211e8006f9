package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.StreamFraming;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The allocations of an engine, found by who speaks (RFC 8656 §3). */
final class Clients {
  /** A STUN message's largest length, and ChannelData's with its padding. */
  private static final int LONGEST_MESSAGE = 20 + 0xfffc;

  private final Map<Long, UdpClients> sockets = new HashMap<>();
  private final Map<Long, Connection> connections = new HashMap<>();
  private final RandomGenerator random;

  /** Allocations by their ids. */
  private final NavigableMap<Long, Allocation> byId = new TreeMap<>();

  Clients(RandomGenerator random) {
    this.random = random;
  }

  /** The clients of one UDP socket. */
  private static final class UdpClients implements ClientTable {
    private final AddressTable<Allocation> allocations;

    private UdpClients(long seed) {
      allocations = new AddressTable<>(seed);
    }

    @Override
    public @Nullable Client find(InetSocketAddress client) {
      return allocations.get(client);
    }
  }

  /** A client's TCP, TLS or DTLS connection. */
  static final class Connection {
    final Flow flow;
    boolean writable = true;
    private @Nullable StreamFraming framing;
    private @Nullable Allocation allocation;

    private Connection(Flow flow) {
      this.flow = flow;
    }

    /** Cuts what comes in pieces; a driver that does that itself never needs it. */
    StreamFraming framing() {
      if (framing == null) {
        framing = new StreamFraming(true, LONGEST_MESSAGE);
      }
      return framing;
    }
  }

  ClientTable table(long socket) {
    return udp(socket);
  }

  private UdpClients udp(long socket) {
    return sockets.computeIfAbsent(socket, id -> new UdpClients(random.nextLong()));
  }

  void opened(Flow flow) {
    connections.put(flow.id(), new Connection(flow));
  }

  @Nullable Connection connection(long id) {
    return connections.get(id);
  }

  /** Forgets a connection. */
  @Nullable Allocation closed(long id) {
    Connection connection = connections.remove(id);
    return connection == null ? null : connection.allocation;
  }

  @Nullable Allocation find(long connection) {
    Connection found = connections.get(connection);
    return found == null ? null : found.allocation;
  }

  @Nullable Allocation find(Flow client) {
    return client.transport() == Transport.UDP
        ? udp(client.id()).allocations.get(client.remote().toSocketAddress())
        : find(client.id());
  }

  /** Whether datagrams can come from there and be answered. */
  boolean stands(Flow client) {
    return client.transport() == Transport.UDP || connections.containsKey(client.id());
  }

  void add(Allocation allocation) {
    Flow client = allocation.client;
    byId.put(allocation.id, allocation);
    if (client.transport() == Transport.UDP) {
      udp(client.id()).allocations.put(client.remote().toSocketAddress(), allocation);
    } else {
      connections.computeIfAbsent(client.id(), id -> new Connection(client)).allocation =
          allocation;
    }
  }

  void remove(Allocation allocation) {
    Flow client = allocation.client;
    byId.remove(allocation.id);
    if (client.transport() == Transport.UDP) {
      udp(client.id()).allocations.remove(client.remote().toSocketAddress());
    } else {
      Connection connection = connections.get(client.id());
      if (connection != null) {
        connection.allocation = null;
      }
    }
  }

  @Nullable Allocation byId(long id) {
    return byId.get(id);
  }

  /** Allocations with greater ids than one, by their ids. */
  Iterable<Allocation> after(long id) {
    return byId.tailMap(id, false).values();
  }

  int allocations() {
    return byId.size();
  }
}
