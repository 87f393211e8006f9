package dev.culvert.rendezvous.code;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;

/** Nodes and people who introduce themselves through them, with a clock that is moved by hand. */
final class Parlour {
  private static final Instant BEGINNING = Instant.ofEpochSecond(1_800_000_000);
  private static final String URL = "wss://node.example/";

  final Random random;
  final Map<PeerId, RendezvousNode> nodes = new LinkedHashMap<>();
  final List<Bytes> seenByNodes = new ArrayList<>();

  /** What nodes tell, as they would like to: empty to say nothing. */
  UnaryOperator<Optional<Frame>> lie = frame -> frame;

  private final List<Person> people = new ArrayList<>();
  private final Map<Long, Line> lines = new LinkedHashMap<>();
  private Duration passed = Duration.ZERO;
  private long nextLine = 1;

  /** One connection of somebody with a node. */
  private record Line(Person person, PeerId node, NodeClient client, Flow atNode) {}

  Parlour(int count, long seed) {
    random = new Random(seed);
    for (int i = 0; i < count; i++) {
      PeerKey key = PeerKey.generate(random);
      nodes.put(
          key.id(),
          new RendezvousNode(
              NodeConfig.standard(),
              key,
              Bytes.wrap(new byte[32]),
              random,
              () -> BEGINNING.plus(passed)));
    }
  }

  MonotonicTime now() {
    return new MonotonicTime(passed.toNanos());
  }

  List<PeerId> ids() {
    return List.copyOf(nodes.keySet());
  }

  Person host(String name) {
    Person person = new Person(name);
    person.introduction =
        Optional.of(
            new HostIntroduction(person.key, person.card, ids(), person::ask, random, now()));
    people.add(person);
    return person;
  }

  Person guest(String name, Code code) {
    Person person = new Person(name);
    person.introduction =
        Optional.of(
            new GuestIntroduction(person.key, person.card, code, person::ask, random, now()));
    people.add(person);
    return person;
  }

  void pass(Duration time) {
    passed = passed.plus(time);
    nodes.values().forEach(node -> node.advance(now()));
    lines.values().forEach(line -> line.client.advance(now()));
    people.forEach(person -> person.introduction().advance(now()));
    settle();
  }

  /** A node dies, with what it knew. */
  void kill(PeerId node) {
    nodes.remove(node);
    List.copyOf(lines.values()).stream().filter(line -> line.node.equals(node)).forEach(this::cut);
    settle();
  }

  private void cut(Line line) {
    lines.values().remove(line);
    line.client.accept(new Input.Closed(line.client.flow().id(), CloseCause.FINISHED, "cut"));
    line.person.introduction().detached(line.node, now());
  }

  void settle() {
    while (move()) {
      // Until nobody has anything to say.
    }
  }

  private boolean move() {
    boolean busy = false;
    for (RendezvousNode node : List.copyOf(nodes.values())) {
      for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
        busy = true;
        if (next.get() instanceof Output.Send send) {
          tell(send);
        }
      }
      while (node.pollEvent().isPresent()) {
        busy = true;
      }
    }
    for (Line line : List.copyOf(lines.values())) {
      busy |= move(line);
    }
    for (Person person : people) {
      Optional<IntroductionEvent> next = person.introduction().pollEvent();
      for (; next.isPresent(); next = person.introduction().pollEvent()) {
        person.events.add(next.get());
      }
    }
    return busy;
  }

  private void tell(Output.Send send) {
    Line line = lines.get(-send.flow().id());
    try {
      Optional<Frame> told = lie.apply(Optional.of(FrameText.read(send.payload())));
      if (line != null && told.isPresent()) {
        line.client.receive(FrameText.write(told.get()), now());
      }
    } catch (FrameException e) {
      throw new AssertionError(e);
    }
  }

  private boolean move(Line line) {
    boolean busy = false;
    NodeClient client = line.client;
    for (Optional<Output> next = client.pollOutput();
        next.isPresent();
        next = client.pollOutput()) {
      busy = true;
      RendezvousNode node = nodes.get(line.node);
      if (next.get() instanceof Output.Send send && node != null) {
        seenByNodes.add(send.payload());
        node.receive(line.atNode, send.payload(), now());
      }
    }
    for (Optional<ClientEvent> next = client.pollEvent();
        next.isPresent();
        next = client.pollEvent()) {
      busy = true;
      if (next.get() instanceof ClientEvent.Welcomed) {
        line.person.introduction().attached(line.node, now());
      } else {
        line.person.introduction().take(line.node, next.get(), now());
      }
    }
    return busy;
  }

  /** One of those who want to know each other. */
  final class Person {
    final PeerKey key = PeerKey.generate(random);
    final Card card;
    final List<IntroductionEvent> events = new ArrayList<>();
    private final Map<PeerId, NodeClient> clients = new HashMap<>();
    private Optional<Introduction> introduction = Optional.empty();

    Person(String name) {
      List<KnownNode> known = new ArrayList<>();
      try {
        known.add(KnownNode.parse(URL + name + "~" + ids().get(0), NodeSource.CONFIGURED));
      } catch (JoinTextException e) {
        throw new AssertionError(e);
      }
      card = new Card(Optional.of(name), known);
    }

    Introduction introduction() {
      return introduction.orElseThrow();
    }

    private long ask(PeerId node, LongFunction<Frame.Request> request, MonotonicTime now) {
      NodeClient client = clients.get(node);
      if (client == null) {
        throw new AssertionError("not attached to " + node);
      }
      return client.ask(request, now);
    }

    Person attach(PeerId to) {
      RendezvousNode node = nodes.get(to);
      if (node == null) {
        throw new AssertionError("there is no node " + to);
      }
      long id = nextLine++;
      TransportAddress here = address("198.51.100." + people.indexOf(this));
      TransportAddress there = address("192.0.2.1");
      NodeClient client =
          new NodeClient(
              new Flow(id, Transport.WEBSOCKET, here, there),
              key,
              URL,
              Optional.of(to),
              Optional.empty(),
              random,
              () -> BEGINNING.plus(passed),
              now());
      clients.put(to, client);
      Flow atNode = new Flow(-id, Transport.WEBSOCKET, there, here);
      lines.put(id, new Line(this, to, client, atNode));
      node.accept(new Input.Opened(atNode), now());
      settle();
      return this;
    }

    Person attachToAll() {
      ids().forEach(this::attach);
      return this;
    }

    private TransportAddress address(String ip) {
      return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 5000);
    }

    /** The last thing that it was told. */
    IntroductionEvent last() {
      if (events.isEmpty()) {
        throw new AssertionError("nothing happened");
      }
      return events.get(events.size() - 1);
    }

    Code code() {
      return events.stream()
          .filter(IntroductionEvent.Ready.class::isInstance)
          .map(event -> ((IntroductionEvent.Ready) event).code())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no code: " + events));
    }

    Introduced met() {
      if (last() instanceof IntroductionEvent.Met met) {
        return met.whom();
      }
      throw new AssertionError(events.toString());
    }

    IntroductionEvent.Cause failed() {
      if (last() instanceof IntroductionEvent.Failed failed) {
        return failed.cause();
      }
      throw new AssertionError(events.toString());
    }
  }
}
