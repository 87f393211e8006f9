package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nodes that go to each other. */
class ExchangeTest {
  private static final Instant EPOCH = Instant.ofEpochSecond(1_800_000_000);
  private static final Duration HOUR = Duration.ofHours(1);

  /** What their names stand for, and the wires between them. */
  private static final class Street {
    final Random random = new Random(8);
    final Map<String, House> houses = new HashMap<>();
    final List<ServerIdentity> expected = new ArrayList<>();
    List<String> addresses = List.of("192.0.2.1");
    private final Queue<Runnable> todo = new ArrayDeque<>();
    private Duration passed = Duration.ZERO;
    private long nextId = -1;

    MonotonicTime now() {
      return new MonotonicTime(passed.toNanos());
    }

    House house(String name, PeerKey key, KnownNode... knows) {
      House house = new House(this, name, key, List.of(knows));
      houses.put(name, house);
      return house;
    }

    KnownNode known(String name, PeerId id) {
      NodeUrl url = NodeUrl.parse("wss://" + name + "/").orElseThrow();
      return new KnownNode(Optional.of(id), List.of(url), NodeSource.CONFIGURED);
    }

    void pass(Duration time) {
      for (int second = 0; second < time.toSeconds(); second++) {
        passed = passed.plusSeconds(1);
        houses.values().forEach(House::step);
        while (!todo.isEmpty()) {
          todo.remove().run();
        }
      }
    }
  }

  private static final class House {
    final RendezvousNode node;
    final List<NodeEvent.Visited> visits = new ArrayList<>();
    private final Street street;
    private final Map<Long, Runnable> wires = new HashMap<>();
    private final Map<Long, Consumer<Bytes>> ends = new HashMap<>();

    House(Street street, String name, PeerKey key, List<KnownNode> knows) {
      this.street = street;
      node =
          new RendezvousNode(
              NodeConfig.standard().at(List.of("wss://" + name + "/")).withNeighbours(knows),
              key,
              Bytes.wrap(new byte[32]),
              street.random,
              () -> EPOCH.plus(street.passed));
    }

    void step() {
      node.advance(street.now());
      settle();
    }

    void settle() {
      for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
        Output output = next.get();
        street.todo.add(() -> carryOut(output));
      }
      for (Optional<NodeEvent> next = node.pollEvent(); next.isPresent(); next = node.pollEvent()) {
        if (next.get() instanceof NodeEvent.Visited visited) {
          visits.add(visited);
        }
      }
    }

    private void tell(Input input) {
      node.accept(input, street.now());
      settle();
    }

    private void carryOut(Output output) {
      if (output instanceof Output.Ask ask) {
        List<InetAddress> ips = street.addresses.stream().map(text -> place(text).ip()).toList();
        tell(new Input.Answered(ask.id(), new Answer.Addresses(ips)));
      } else if (output instanceof Output.OpenWebSocket open) {
        open.server().ifPresent(street.expected::add);
        House host = street.houses.get(open.host());
        if (host == null || !open.remote().equals(place("192.0.2.1"))) {
          tell(new Input.Closed(open.id(), CloseCause.REFUSED, "nobody is there"));
        } else {
          connect(open.id(), host);
        }
      } else if (output instanceof Output.Send send) {
        ends.getOrDefault(send.flow().id(), payload -> {}).accept(send.payload());
      } else if (output instanceof Output.Close close) {
        wires.getOrDefault(close.id(), () -> {}).run();
      }
    }

    private void connect(long id, House host) {
      long far = street.nextId--;
      Flow mine = new Flow(id, Transport.WEBSOCKET, place("192.0.2.7"), place("192.0.2.1"));
      Flow theirs = new Flow(far, Transport.WEBSOCKET, place("192.0.2.1"), place("192.0.2.7"));
      ends.put(id, payload -> host.hear(theirs, payload));
      host.ends.put(far, payload -> hear(mine, payload));
      wires.put(id, () -> host.lose(far));
      host.wires.put(far, () -> lose(id));
      tell(new Input.Opened(mine));
      host.tell(new Input.Opened(theirs));
    }

    private void hear(Flow flow, Bytes payload) {
      node.receive(flow, payload, street.now());
      settle();
    }

    private void lose(long id) {
      ends.remove(id);
      wires.remove(id);
      tell(new Input.Closed(id, CloseCause.FINISHED, "it is over"));
    }

    private static TransportAddress place(String ip) {
      return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 443);
    }

    Set<PeerId> told() {
      return node.others().stream().map(Signed::signer).collect(Collectors.toSet());
    }
  }

  @Test
  void whatOneKnowsAllLearn() {
    Street street = new Street();
    PeerKey a = PeerKey.generate(street.random);
    PeerKey b = PeerKey.generate(street.random);
    PeerKey c = PeerKey.generate(street.random);
    House first = street.house("a.example", a, street.known("b.example", b.id()));
    House second =
        street.house(
            "b.example",
            b,
            street.known("a.example", a.id()),
            street.known("c.example", c.id()),
            street.known("b.example", b.id()));
    House third = street.house("c.example", c, street.known("b.example", b.id()));
    street.pass(HOUR);
    Set<PeerId> all = Set.of(a.id(), b.id(), c.id());
    assertEquals(all, first.told());
    assertEquals(all, second.told());
    assertEquals(all, third.told());
    assertTrue(
        street.expected.stream().allMatch(ServerIdentity.HostNameOrKey.class::isInstance),
        "a node whose id is known is known by its key, too");
    assertEquals(
        Set.of(Optional.empty()),
        first.visits.stream().map(NodeEvent.Visited::fault).collect(Collectors.toSet()));
    assertTrue(first.visits.size() >= 4, first.visits.size() + " visits in an hour");
    for (House each : street.houses.values()) {
      assertEquals(0, each.node.counts().connections(), "nobody stays");
    }
  }

  @Test
  void aNodeThatIsNotThereIsTriedAgainAndFoundOnceItIs() {
    Street street = new Street();
    PeerKey a = PeerKey.generate(street.random);
    PeerKey b = PeerKey.generate(street.random);
    House first = street.house("a.example", a, street.known("b.example", b.id()));
    street.pass(HOUR);
    assertEquals(1, first.visits.size(), "a failure is told of once: " + first.visits);
    assertEquals(Optional.of("nobody is there"), first.visits.get(0).fault());
    assertTrue(street.expected.size() > 5, street.expected.size() + " tries");
    assertTrue(street.expected.size() < 40, street.expected.size() + " tries");
    street.house("b.example", b, street.known("a.example", a.id()));
    street.pass(Duration.ofMinutes(15));
    assertEquals(Set.of(a.id(), b.id()), first.told());
  }

  /** And once one of them is good it is the one that is used. */
  @Test
  void allAddressesOfANodeAreTried() {
    Street street = new Street();
    street.addresses = List.of("2001:db8::1", "2001:db8::2", "192.0.2.1");
    PeerKey a = PeerKey.generate(street.random);
    PeerKey b = PeerKey.generate(street.random);
    House first = street.house("a.example", a, street.known("b.example", b.id()));
    street.house("b.example", b);
    street.pass(HOUR);
    assertEquals(Set.of(a.id(), b.id()), first.told());
    List<Optional<String>> faults =
        first.visits.stream().map(NodeEvent.Visited::fault).filter(Optional::isPresent).toList();
    assertEquals(List.of(Optional.of("nobody is there")), faults);
    assertTrue(first.visits.size() >= 4, first.visits.size() + " visits in an hour");
  }

  @Test
  void anotherNodeUnderItsNameLearnsAndTeachesNothing() {
    Street street = new Street();
    PeerKey a = PeerKey.generate(street.random);
    PeerKey b = PeerKey.generate(street.random);
    PeerKey liar = PeerKey.generate(street.random);
    House first = street.house("a.example", a, street.known("b.example", b.id()));
    House impostor = street.house("b.example", liar);
    street.pass(HOUR);
    assertEquals(Set.of(a.id()), first.told());
    assertEquals(Set.of(liar.id()), impostor.told());
    assertTrue(
        first.visits.get(0).fault().orElseThrow().contains("another node"),
        first.visits.toString());
    assertEquals(0, impostor.node.counts().connections());
  }
}
