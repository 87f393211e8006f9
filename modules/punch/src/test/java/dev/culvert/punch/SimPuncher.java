package dev.culvert.punch;

import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A peer on a simulated host: looks at its NAT through a server with fresh sockets, and then makes
 * attempts. The first socket is the shared one, and is looked at last.
 */
final class SimPuncher implements Machine<PunchEvent> {
  private static final int LOOKS = 6;
  private static final long FIRST_ID = 100;

  final List<PunchEvent> events = new ArrayList<>();
  final List<Output.Send> sent = new ArrayList<>();
  final List<MonotonicTime> sentAt = new ArrayList<>();
  final Set<Long> open = new HashSet<>();
  int mostOpen;
  final Resident<PunchEvent> seat;
  final PunchLedger ledger;
  private final World world;
  private final InetAddress ip;
  private final TransportAddress server;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Map<Long, TransportAddress> bound = new HashMap<>();
  private final Map<TransactionId, Long> asked = new HashMap<>();
  private final Map<TransactionId, MonotonicTime> lookedAt = new HashMap<>();
  private final PortSeries series = new PortSeries();
  private final List<PunchMachine> machines = new ArrayList<>();
  private Optional<TransportAddress> reflexive = Optional.empty();
  private long ids = FIRST_ID;
  private int looks;
  private boolean begun;
  private long looking;
  private Optional<MonotonicTime> again = Optional.empty();

  SimPuncher(World world, Host host, InetAddress ip, TransportAddress server) {
    this(world, host, ip, server, PunchLedger.standard());
  }

  SimPuncher(World world, Host host, InetAddress ip, TransportAddress server, PunchLedger ledger) {
    this.world = world;
    this.ip = ip;
    this.server = server;
    this.ledger = ledger;
    this.seat = host.run(this, events::add);
  }

  /** What it has seen, with what a test knows of the rest. */
  NatTraits traits(Dependence mapping, Dependence filtering, MonotonicTime start) {
    TransportAddress seen = reflexive.orElseThrow();
    return new NatTraits(
        seen, !seen.ip().equals(ip), mapping, filtering, series.rule(), series.newest(start));
  }

  boolean hasLooked() {
    return reflexive.isPresent();
  }

  /** Looks at the newest port once more, from the shared socket. */
  void look() {
    seat.execute(now -> ask(0, now));
  }

  void punch(
      PunchPlan plan, PunchConfig config, PunchSecret secret, boolean leads, MonotonicTime start) {
    PunchSocket shared = new PunchSocket(0, local(0), true);
    PunchAttempt attempt =
        new PunchAttempt(plan, config, secret, leads, shared, start, Optional.empty());
    PunchMachine machine = new PunchMachine(attempt, () -> ids++, world.newRandom(), ledger);
    machines.add(machine);
    seat.execute(machine::advance);
  }

  PunchMachine machine() {
    return machines.get(machines.size() - 1);
  }

  Optional<PunchEvent.Opened> opened() {
    return events.stream()
        .filter(PunchEvent.Opened.class::isInstance)
        .map(PunchEvent.Opened.class::cast)
        .findFirst();
  }

  Optional<PunchEvent.Failed> failed() {
    return events.stream()
        .filter(PunchEvent.Failed.class::isInstance)
        .map(PunchEvent.Failed.class::cast)
        .findFirst();
  }

  private TransportAddress local(long id) {
    return Objects.requireNonNull(bound.get(id));
  }

  private void ask(long id, MonotonicTime now) {
    StunMessage request =
        StunMessage.request(Method.BINDING, TransactionId.random(world.newRandom()));
    asked.put(request.transactionId(), id);
    Flow flow = new Flow(id, Transport.UDP, local(id), server);
    outputs.add(new Output.Send(flow, StunCodec.encode(request)));
    lookedAt.put(request.transactionId(), now);
    looking = id;
    again = Optional.of(now.plus(Duration.ofMillis(500)));
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    Optional<StunPacket> packet = StunCodec.decode(payload).packet();
    Optional<TransportAddress> mapped =
        packet
            .filter(one -> asked.containsKey(one.message().transactionId()))
            .flatMap(one -> one.message().first(XorMappedAddress.class))
            .map(XorMappedAddress::address);
    if (mapped.isEmpty()) {
      machines.forEach(machine -> machine.receive(from, payload, now));
      return;
    }
    TransactionId id = packet.orElseThrow().message().transactionId();
    if (!Objects.equals(asked.remove(id), looking)) {
      return;
    }
    series.add(from.local().port(), mapped.get().port(), Objects.requireNonNull(lookedAt.get(id)));
    if (from.id() == 0) {
      reflexive = mapped;
    } else {
      outputs.add(new Output.Close(from.id()));
    }
    again = Optional.empty();
    if (looks < LOOKS) {
      looks++;
      outputs.add(new Output.Bind(LOOKS - looks, new TransportAddress(ip, 0)));
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Bound one && one.id() < FIRST_ID) {
      bound.put(one.id(), one.local());
      ask(one.id(), now);
    }
    machines.forEach(machine -> machine.accept(input, now));
  }

  @Override
  public void advance(MonotonicTime now) {
    if (!begun) {
      begun = true;
      outputs.add(new Output.Bind(LOOKS, new TransportAddress(ip, 0)));
    }
    if (again.isPresent() && !now.isBefore(again.get())) {
      ask(looking, now);
    }
    machines.forEach(machine -> machine.advance(now));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return Stream.concat(
            again.stream(), machines.stream().flatMap(machine -> machine.nextDeadline().stream()))
        .min(MonotonicTime::compareTo);
  }

  @Override
  public Optional<Output> pollOutput() {
    Output next = outputs.poll();
    for (int i = 0; next == null && i < machines.size(); i++) {
      next = machines.get(i).pollOutput().orElse(null);
      note(next);
    }
    return Optional.ofNullable(next);
  }

  private void note(@Nullable Output output) {
    if (output instanceof Output.Send send) {
      sent.add(send);
      sentAt.add(world.now());
    } else if (output instanceof Output.Bind bind) {
      open.add(bind.id());
      mostOpen = Math.max(mostOpen, open.size());
    } else if (output instanceof Output.Close close) {
      open.remove(close.id());
    }
  }

  @Override
  public Optional<PunchEvent> pollEvent() {
    return machines.stream().flatMap(machine -> machine.pollEvent().stream()).findFirst();
  }
}
