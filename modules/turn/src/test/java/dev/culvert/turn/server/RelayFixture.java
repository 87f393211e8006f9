package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import dev.culvert.turn.auth.CredentialStore;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A relay in virtual time whose sockets are lists. */
final class RelayFixture {
  static final TransportAddress SERVER = address("198.51.100.1", 3478);
  static final long UDP = -1;

  final RelayResources resources;
  final TurnServer server;
  final List<TurnEvent> events = new ArrayList<>();

  /** Open sockets and listeners of the relay. */
  final Map<Long, TransportAddress> open = new HashMap<>();

  /** What was sent and not taken yet. */
  final List<Output.Send> sent = new ArrayList<>();

  /** Connections that the relay wants to open. */
  final List<Output.Open> opening = new ArrayList<>();

  final List<Long> closed = new ArrayList<>();

  /** Ports that another program has. */
  final Set<Integer> taken = new HashSet<>();

  /** Whether answers about sockets are held back. */
  boolean slow;

  final List<Input> held = new ArrayList<>();
  long nanos = 1_000_000_000_000L;
  private long lastConnection = -100;

  static final class Settings {
    TurnServerConfig config = TurnServerConfig.standard();
    List<RelayAddress> addresses =
        List.of(RelayAddress.of(ip("198.51.100.1")), RelayAddress.of(ip("2001:db8::1")));
    PortRange ports = PortRange.DYNAMIC;
    ResponseGate gate = ResponseGate.OPEN;
    CredentialStore credentials = new Names("lab", Map.of("alice", "secret", "bob", "other"));
    long seed = 1;
  }

  RelayFixture() {
    this(new Settings());
  }

  RelayFixture(Settings settings) {
    resources =
        new RelayResources(
            settings.addresses,
            settings.ports,
            settings.config.limits(),
            new Random(settings.seed));
    server =
        new TurnServer(
            settings.config,
            resources,
            settings.credentials,
            new Hours(this),
            settings.gate,
            new Random(settings.seed));
  }

  /** Nonces that say the hour and the client. */
  private record Hours(RelayFixture relay) implements LongTermServer.Nonces {
    @Override
    public String issue(TransportAddress client) {
      return relay.nanos / Duration.ofHours(1).toNanos() + "/" + client;
    }

    @Override
    public boolean isValid(String nonce, TransportAddress client) {
      return nonce.equals(issue(client));
    }
  }

  static InetAddress ip(String text) {
    return IpLiterals.parse(text).orElseThrow();
  }

  static TransportAddress address(String ip, int port) {
    return new TransportAddress(ip(ip), port);
  }

  MonotonicTime now() {
    return new MonotonicTime(nanos);
  }

  /** A client over UDP. */
  RelayClient udp(String ip, int port) {
    return new RelayClient(this, new Flow(UDP, Transport.UDP, SERVER, address(ip, port)));
  }

  /** A client whose connection was accepted. */
  RelayClient connect(Transport transport, String ip, int port) {
    Flow flow = new Flow(lastConnection--, transport, SERVER, address(ip, port));
    server.accept(new Input.Opened(flow), now());
    drain();
    return new RelayClient(this, flow);
  }

  /** A connection that a peer makes to a relayed address. */
  Flow connectPeer(TransportAddress relayed, TransportAddress peer) {
    Flow flow = new Flow(lastConnection--, Transport.TCP, relayed, peer);
    server.accept(new Input.Opened(flow), now());
    drain();
    return flow;
  }

  /** The connection that the relay asked for stands. */
  Flow opened(Output.Open open) {
    Flow flow = new Flow(open.id(), open.transport(), open.local().orElseThrow(), open.remote());
    server.accept(new Input.Opened(flow), now());
    drain();
    return flow;
  }

  void receive(Flow from, Bytes bytes) {
    server.receive(from, bytes, now());
    drain();
  }

  void closed(long id) {
    server.accept(new Input.Closed(id, CloseCause.FINISHED, "over"), now());
    drain();
  }

  /** A datagram from a peer to a relayed address. */
  void fromPeer(TransportAddress peer, TransportAddress relayed, Bytes data) {
    long id =
        open.entrySet().stream()
            .filter(entry -> entry.getValue().equals(relayed))
            .findFirst()
            .orElseThrow()
            .getKey();
    receive(new Flow(id, Transport.UDP, relayed, peer), data);
  }

  /** What was sent to an address since the last look, taken away. */
  List<Bytes> takeSentTo(TransportAddress remote) {
    List<Bytes> found = new ArrayList<>();
    sent.removeIf(send -> send.flow().remote().equals(remote) && found.add(send.payload()));
    return found;
  }

  /** The first of what was sent to an address, taken away. */
  Bytes takeFirstSentTo(TransportAddress remote) {
    Output.Send first =
        sent.stream().filter(send -> send.flow().remote().equals(remote)).findFirst().orElseThrow();
    sent.remove(first);
    return first.payload();
  }

  /** Time passes, with all that is due on the way. */
  void pass(Duration duration) {
    long end = nanos + duration.toNanos();
    Optional<MonotonicTime> next = server.nextDeadline();
    while (next.isPresent() && next.get().nanos() - end <= 0) {
      nanos = Math.max(nanos, next.get().nanos());
      server.advance(now());
      drain();
      next = server.nextDeadline();
    }
    nanos = end;
  }

  /** Its operator drops an allocation. */
  Optional<AllocationInfo> drop(long id) {
    Optional<AllocationInfo> dropped = server.drop(id, now());
    drain();
    return dropped;
  }

  void release() {
    slow = false;
    List<Input> inputs = List.copyOf(held);
    held.clear();
    inputs.forEach(input -> server.accept(input, now()));
    drain();
  }

  private void drain() {
    boolean more = true;
    while (more) {
      Optional<Output> output = server.pollOutput();
      output.ifPresent(this::perform);
      Optional<TurnEvent> event = server.pollEvent();
      event.ifPresent(events::add);
      more = output.isPresent() || event.isPresent();
    }
  }

  private void perform(Output output) {
    if (output instanceof Output.Send send) {
      sent.add(send);
    } else if (output instanceof Output.Bind bind) {
      socket(bind.id(), bind.local());
    } else if (output instanceof Output.Listen listen) {
      socket(listen.id(), listen.local());
    } else if (output instanceof Output.Open wanted) {
      opening.add(wanted);
    } else if (output instanceof Output.Close close) {
      open.remove(close.id());
      closed.add(close.id());
    }
  }

  private void socket(long id, TransportAddress local) {
    boolean free = !taken.contains(local.port()) && !open.containsValue(local);
    if (free) {
      open.put(id, local);
    }
    Input input =
        free ? new Input.Bound(id, local, true) : new Input.BindFailed(id, "the port is taken");
    if (slow) {
      held.add(input);
    } else {
      server.accept(input, now());
    }
  }
}
