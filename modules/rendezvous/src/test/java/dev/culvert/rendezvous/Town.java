package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.call.CallConfig;
import dev.culvert.rendezvous.call.CallEvent;
import dev.culvert.rendezvous.call.CallOutput;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.Fate;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
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

/** Peers that call each other through one node, which does what a {@link Spell} makes of it. */
final class Town {
  /** What a node does with a message that it is about to send; an honest one sends just that. */
  interface Spell {
    List<Frame> cast(Villager to, Frame frame);
  }

  static final Instant BEGINNING = Instant.ofEpochSecond(1_800_000_000);
  private static final String URL = "wss://node.example/";

  final Random random = new Random(12);
  final PeerKey nodeKey = PeerKey.generate(random);
  final RendezvousNode node =
      new RendezvousNode(
          NodeConfig.standard(), nodeKey, Bytes.wrap(new byte[32]), random, this::time);

  /** Every message that the node sent or got. */
  final List<Bytes> seen = new ArrayList<>();

  Spell spell = (to, frame) -> List.of(frame);
  private final Map<Long, Villager> villagers = new HashMap<>();
  private Duration passed = Duration.ZERO;
  private long nextId = 1;

  Instant time() {
    return BEGINNING.plus(passed);
  }

  MonotonicTime now() {
    return new MonotonicTime(passed.toNanos());
  }

  /** A peer that is attached and registered. */
  Villager villager(AcceptPolicy policy) {
    Villager villager = new Villager(nextId++, policy);
    villagers.put(villager.flow.id(), villager);
    node.accept(new Input.Opened(villager.seenByNode()), now());
    settle();
    villager.register();
    settle();
    return villager;
  }

  /** Time passes, a tenth of a second at a time. */
  void pass(Duration time) {
    Duration end = passed.plus(time);
    while (passed.compareTo(end) < 0) {
      passed = passed.plusMillis(100);
      node.advance(now());
      for (Villager villager : villagers.values()) {
        villager.client.advance(now());
        villager.calls.advance(now());
      }
      settle();
    }
  }

  void settle() {
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
        busy = true;
        if (next.get() instanceof Output.Send send) {
          Villager to = Optional.ofNullable(villagers.get(-send.flow().id())).orElseThrow();
          seen.add(send.payload());
          spell.cast(to, read(send.payload())).forEach(to::hear);
        }
      }
      for (Villager villager : villagers.values()) {
        busy |= villager.work();
      }
    }
  }

  private static Frame read(Bytes message) {
    try {
      return FrameText.read(message);
    } catch (FrameException e) {
      throw new AssertionError(message.utf8(), e);
    }
  }

  /** One peer. */
  final class Villager {
    final PeerKey key = PeerKey.generate(random);
    final SealingKey opens = SealingKey.generate(random);
    final NodeClient client;
    final Calls calls;
    final Flow flow;
    final List<CallEvent> events = new ArrayList<>();
    final Queue<ClientEvent> others = new ArrayDeque<>();
    final String description;
    int signals;
    private final Map<Long, CallOutput> asked = new HashMap<>();

    Villager(long id, AcceptPolicy policy) {
      description =
          "{\"ufrag\":\"uf" + id + "\",\"pwd\":\"builder\",\"address\":\"192.168.77." + id + "\"}";
      flow = new Flow(id, Transport.WEBSOCKET, address("198.51.100." + id), address("192.0.2.1"));
      client =
          new NodeClient(
              flow,
              key,
              URL,
              Optional.of(nodeKey.id()),
              Optional.empty(),
              random,
              Town.this::time,
              now());
      calls =
          new Calls(
              key, CallConfig.STANDARD, policy, () -> List.of(opens), random, Town.this::time);
    }

    private static TransportAddress address(String ip) {
      return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 4000);
    }

    PeerId id() {
      return key.id();
    }

    Flow seenByNode() {
      return new Flow(
          -flow.id(), Transport.WEBSOCKET, /* local= */ flow.remote(), /* remote= */ flow.local());
    }

    PeerRecord record() {
      return new PeerRecord(id(), opens.publicKey(), 1, BEGINNING.plusSeconds(1800));
    }

    private void register() {
      client.ask(id -> new Frame.Register(id, record().sign(key), List.of()), now());
    }

    /** Whatever the node says, true or not. */
    void hear(Frame frame) {
      client.receive(FrameText.write(frame), now());
    }

    long call(Villager other) {
      long call = calls.call(other.id(), Optional.empty(), now());
      settle();
      return call;
    }

    <T extends CallEvent> List<T> heard(Class<T> type) {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    boolean work() {
      boolean busy = false;
      for (Optional<Output> next = client.pollOutput();
          next.isPresent();
          next = client.pollOutput()) {
        busy = true;
        if (next.get() instanceof Output.Send send) {
          seen.add(send.payload());
          node.receive(seenByNode(), send.payload(), now());
        }
      }
      for (Optional<ClientEvent> next = client.pollEvent();
          next.isPresent();
          next = client.pollEvent()) {
        busy = true;
        take(next.get());
      }
      for (Optional<CallOutput> next = calls.pollOutput();
          next.isPresent();
          next = calls.pollOutput()) {
        busy = true;
        ask(next.get());
      }
      for (Optional<CallEvent> next = calls.pollEvent();
          next.isPresent();
          next = calls.pollEvent()) {
        busy = true;
        events.add(next.get());
        react(next.get());
      }
      return busy;
    }

    /** Takes every call that may be, and says where it is as soon as that is wanted. */
    private void react(CallEvent event) {
      if (event instanceof CallEvent.Asked) {
        calls.accept(event.call(), now());
      } else if (event instanceof CallEvent.Agreed) {
        calls.describe(event.call(), description, now());
      } else if (event instanceof CallEvent.Described) {
        calls.connected(event.call(), now());
      }
    }

    private void ask(CallOutput output) {
      if (output instanceof CallOutput.Lookup lookup) {
        asked.put(client.ask(id -> new Frame.Lookup(id, lookup.peer()), now()), output);
      } else if (output instanceof CallOutput.Signal signal) {
        signals++;
        asked.put(
            client.ask(id -> new Frame.Signal(id, signal.to(), signal.sealed()), now()), output);
      }
    }

    private void take(ClientEvent event) {
      if (event instanceof ClientEvent.Said said) {
        calls.said(said.from(), said.sealed(), now());
      } else if (event instanceof ClientEvent.Answered answered) {
        CallOutput output = asked.remove(answered.request());
        if (output instanceof CallOutput.Lookup lookup) {
          answered
              .answer()
              .flatMap(its -> its instanceof Frame.Found found ? Optional.of(found) : none())
              .flatMap(found -> PeerRecord.read(found.record()))
              .ifPresentOrElse(
                  record -> calls.found(lookup.id(), record, now()),
                  () -> calls.notFound(lookup.id(), true, now()));
        } else if (output instanceof CallOutput.Signal signal) {
          boolean delivered =
              answered.answer().filter(Frame.Delivered.class::isInstance).isPresent();
          Fate outcome = delivered ? Fate.DELIVERED : Fate.OFFLINE;
          calls.signalled(signal.id(), outcome, now());
        }
      } else {
        others.add(event);
      }
    }

    private static Optional<Frame.Found> none() {
      return Optional.empty();
    }
  }
}
