package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NodeClientTest {
  private static final String URL = "wss://node.example/";
  private static final Instant BEGINNING = Instant.ofEpochSecond(1_800_000_000);

  private final Random random = new Random(4);
  private final PeerKey nodeKey = PeerKey.generate(random);
  private final RendezvousNode node =
      new RendezvousNode(
          NodeConfig.standard(),
          nodeKey,
          Bytes.wrap(new byte[32]),
          random,
          () -> BEGINNING.plus(passed()));
  private final Map<Long, NodeClient> clients = new HashMap<>();
  private final Map<NodeClient, List<ClientEvent>> events = new HashMap<>();
  private final Set<Long> cut = new HashSet<>();
  private Duration passed = Duration.ZERO;
  private long nextId = 1;

  private Duration passed() {
    return passed;
  }

  private MonotonicTime now() {
    return new MonotonicTime(passed.toNanos());
  }

  private NodeClient connect(PeerKey key, Optional<PeerId> expected) {
    long id = nextId++;
    TransportAddress here =
        new TransportAddress(IpLiterals.parse("198.51.100." + id).orElseThrow(), 5000);
    TransportAddress there = new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 443);
    NodeClient client =
        new NodeClient(
            new Flow(id, Transport.TLS, here, there),
            key,
            URL,
            expected,
            Optional.empty(),
            random,
            () -> BEGINNING.plus(passed).minusSeconds(90),
            now());
    clients.put(id, client);
    events.put(client, new ArrayList<>());
    node.accept(new Input.Opened(new Flow(-id, Transport.TLS, there, here)), now());
    settle();
    return client;
  }

  private void settle() {
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
        busy = true;
        long id = next.get() instanceof Output.Send send ? -send.flow().id() : 0;
        if (next.get() instanceof Output.Send send && !cut.contains(id)) {
          client(id).receive(send.payload(), now());
        } else if (next.get() instanceof Output.Close close) {
          client(-close.id())
              .accept(new Input.Closed(-close.id(), CloseCause.FINISHED, "by the node"));
        }
      }
      for (NodeClient client : clients.values()) {
        for (Optional<Output> next = client.pollOutput();
            next.isPresent();
            next = client.pollOutput()) {
          busy = true;
          long id = client.flow().id();
          if (next.get() instanceof Output.Send send && !cut.contains(id)) {
            Flow seen =
                new Flow(
                    -id,
                    Transport.TLS,
                    /* local= */ client.flow().remote(),
                    /* remote= */ client.flow().local());
            node.receive(seen, send.payload(), now());
          } else if (next.get() instanceof Output.Close) {
            node.accept(new Input.Closed(-id, CloseCause.FINISHED, ""), now());
          }
        }
        for (Optional<ClientEvent> next = client.pollEvent();
            next.isPresent();
            next = client.pollEvent()) {
          heard(client).add(next.get());
        }
      }
    }
  }

  private List<ClientEvent> heard(NodeClient client) {
    return events.computeIfAbsent(client, fresh -> new ArrayList<>());
  }

  private NodeClient client(long id) {
    return Optional.ofNullable(clients.get(id)).orElseThrow();
  }

  private void pass(Duration time) {
    passed = passed.plus(time);
    node.advance(now());
    clients.values().forEach(client -> client.advance(now()));
    settle();
  }

  private <T extends ClientEvent> T last(NodeClient client, Class<T> type) {
    List<ClientEvent> all = heard(client);
    return assertInstanceOf(type, all.get(all.size() - 1));
  }

  private Frame ask(NodeClient client, LongFunction<Frame.Request> request) {
    long id = client.ask(request, now());
    settle();
    ClientEvent.Answered answered = last(client, ClientEvent.Answered.class);
    assertEquals(id, answered.request());
    return answered.answer().orElseThrow();
  }

  @Test
  void bothProveWhoTheyAreAndTheClocksAreCompared() {
    NodeClient client = connect(PeerKey.generate(random), Optional.of(nodeKey.id()));
    ClientEvent.Welcomed welcomed = last(client, ClientEvent.Welcomed.class);
    assertEquals(nodeKey.id(), welcomed.node());
    assertEquals(Duration.ofSeconds(90), welcomed.clockAhead());
    assertTrue(client.isWelcome());
  }

  @Test
  void anotherNodeThanTheOneThatIsMeantIsNotSpokenTo() {
    PeerId meant = PeerKey.generate(random).id();
    NodeClient client = connect(PeerKey.generate(random), Optional.of(meant));
    ClientEvent.Ended ended = last(client, ClientEvent.Ended.class);
    assertTrue(ended.lied());
    assertTrue(ended.reason().startsWith("another node answers there"), ended.reason());
    assertEquals(0, node.counts().peers());
    assertThrows(IllegalStateException.class, () -> client.ask(Frame.Ping::new, now()));
  }

  /** It knows the node's id, but does not have its key. */
  @Test
  void whoPassesForTheNodeIsFoundOut() {
    NodeClient client = connect(PeerKey.generate(random), Optional.of(nodeKey.id()));
    cut.add(client.flow().id());
    NodeClient victim = connectAlone();
    Frame.Hello hello =
        new Frame.Hello(nodeKey.id(), Bytes.wrap(new byte[32]), BEGINNING, List.of());
    victim.receive(FrameText.write(hello), now());
    Frame.Welcome forged =
        new Frame.Welcome(
            Bytes.wrap(new byte[64]),
            victim.flow().remote(),
            Duration.ofSeconds(60),
            new Frame.Allowance(1, 1, 1),
            Bytes.empty(),
            List.of());
    victim.receive(FrameText.write(forged), now());
    settle();
    assertTrue(last(victim, ClientEvent.Ended.class).lied());
  }

  private NodeClient connectAlone() {
    NodeClient client = connect(PeerKey.generate(random), Optional.empty());
    clients.remove(client.flow().id());
    TransportAddress there = client.flow().remote();
    NodeClient alone =
        new NodeClient(
            new Flow(99, Transport.TLS, there, there),
            PeerKey.generate(random),
            URL,
            Optional.of(nodeKey.id()),
            Optional.empty(),
            random,
            () -> BEGINNING,
            now());
    clients.put(99L, alone);
    events.put(alone, new ArrayList<>());
    cut.add(99L);
    return alone;
  }

  @Test
  void twoPeersFindEachOtherAndTalk() {
    PeerKey aliceKey = PeerKey.generate(random);
    PeerKey bobKey = PeerKey.generate(random);
    NodeClient alice = connect(aliceKey, Optional.empty());
    NodeClient bob = connect(bobKey, Optional.empty());
    PeerRecord record =
        new PeerRecord(bobKey.id(), Bytes.wrap(new byte[32]), 1, BEGINNING.plusSeconds(600));
    assertInstanceOf(
        Frame.Registered.class,
        ask(bob, id -> new Frame.Register(id, record.sign(bobKey), List.of())));
    Frame.Found found =
        assertInstanceOf(Frame.Found.class, ask(alice, id -> new Frame.Lookup(id, bobKey.id())));
    assertEquals(Optional.of(record), PeerRecord.read(found.record()));
    Frame.Reply said =
        assertInstanceOf(
            Frame.Delivered.class,
            ask(alice, id -> new Frame.Signal(id, bobKey.id(), Bytes.of(7))));
    assertTrue(said.re() > 0);
    assertEquals(
        new ClientEvent.Said(aliceKey.id(), Bytes.of(7)), last(bob, ClientEvent.Said.class));
    assertInstanceOf(
        Frame.Refusal.class, ask(alice, id -> new Frame.Lookup(id, PeerKey.generate(random).id())));
  }

  @Test
  void anIdleConnectionIsKeptAndASilentNodeIsNoticed() {
    NodeClient client = connect(PeerKey.generate(random), Optional.empty());
    for (int i = 0; i < 30; i++) {
      pass(Duration.ofSeconds(20));
      assertTrue(client.isWelcome());
    }
    cut.add(client.flow().id());
    long asked = client.ask(id -> new Frame.Lookup(id, nodeKey.id()), now());
    pass(Duration.ofSeconds(15));
    assertEquals(
        new ClientEvent.Answered(asked, Optional.empty()),
        last(client, ClientEvent.Answered.class));
    pass(Duration.ofSeconds(45));
    ClientEvent.Ended ended = last(client, ClientEvent.Ended.class);
    assertEquals("the node fell silent", ended.reason());
    assertTrue(ended.proven());
    assertFalse(ended.lied());
    assertEquals(Optional.empty(), client.nextDeadline());
  }

  @Test
  void requestsEndWithTheConnection() {
    NodeClient client = connect(PeerKey.generate(random), Optional.empty());
    cut.add(client.flow().id());
    long asked = client.ask(id -> new Frame.Lookup(id, nodeKey.id()), now());
    client.accept(new Input.Closed(client.flow().id(), CloseCause.RESET, "reset"));
    settle();
    List<ClientEvent> all = heard(client);
    assertEquals(new ClientEvent.Answered(asked, Optional.empty()), all.get(all.size() - 2));
    assertEquals("the connection broke: reset", last(client, ClientEvent.Ended.class).reason());
  }

  @Test
  void aNodeThatTalksNonsenseIsLeft() {
    for (String nonsense : List.of("x", "{\"t\":\"done\",\"re\":1}", "{\"t\":\"ping\",\"id\":1}")) {
      NodeClient client = connectAlone();
      client.receive(Bytes.utf8(nonsense), now());
      settle();
      assertFalse(last(client, ClientEvent.Ended.class).proven());
    }
    NodeClient silent = connectAlone();
    pass(Duration.ofSeconds(15));
    assertEquals("the node does not answer", last(silent, ClientEvent.Ended.class).reason());
  }

  @Test
  void everyPeerHasItsOwnOrderOfNodes() {
    List<PeerId> nodes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      nodes.add(PeerKey.generate(random).id());
    }
    Map<PeerId, Integer> first = new HashMap<>();
    for (int i = 0; i < 500; i++) {
      PeerId peer = PeerKey.generate(random).id();
      List<PeerId> order = Ranking.of(peer, nodes);
      assertEquals(new HashSet<>(nodes), new HashSet<>(order));
      first.merge(order.get(0), 1, Integer::sum);
      // Whoever dies, the others stay in their order.
      List<PeerId> left = new ArrayList<>(nodes);
      left.remove(order.get(1));
      List<PeerId> expected = new ArrayList<>(order);
      expected.remove(1);
      assertEquals(expected, Ranking.of(peer, left));
    }
    assertTrue(first.values().stream().allMatch(count -> count > 60), first.toString());
  }

  @Test
  void aNodeSaysWhereItIsAndNobodyElseDoes() {
    NodeRecord record = new NodeRecord(nodeKey.id(), List.of(URL), BEGINNING);
    assertEquals(Optional.of(record), NodeRecord.read(record.sign(nodeKey)));
    PeerKey other = PeerKey.generate(random);
    assertThrows(IllegalArgumentException.class, () -> record.sign(other));
    Signed swapped =
        new Signed(other.id(), record.sign(nodeKey).payload(), record.sign(nodeKey).signature());
    assertEquals(Optional.empty(), NodeRecord.read(swapped));
    assertThrows(
        IllegalArgumentException.class,
        () -> new NodeRecord(nodeKey.id(), List.of("http://x/"), BEGINNING));
  }

  @ParameterizedTest
  @CsvSource({
    "wss://node.example, wss://node.example/",
    "wss://node.example:8443/rdv, wss://node.example:8443/rdv",
    "wss://[2001:db8::1]:443/, wss://[2001:db8::1]/",
    "ws://127.0.0.1:8080/, ws://127.0.0.1:8080/"
  })
  void urlsOfNodesAreRead(String text, String written) {
    assertEquals(Optional.of(written), NodeUrl.parse(text).map(NodeUrl::toString));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "node.example",
        "https://node.example/",
        "ws://node.example:80/",
        "ws://127.0.0.1/",
        "wss://u:p@node.example/",
        "wss://node.example/?q",
        "wss://node.example/#f",
        "wss:///",
        "wss://node.example:99999/"
      })
  void whatIsNoneIsRefused(String text) {
    assertEquals(Optional.empty(), NodeUrl.parse(text));
  }
}
