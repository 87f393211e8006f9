package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.rendezvous.wire.Proof;
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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;

/** A node, and visitors that speak to it message by message. */
final class Doorstep {
  final Random random = new Random(42);
  final PeerKey key = PeerKey.generate(random);
  final RendezvousNode node;
  final List<NodeEvent> events = new ArrayList<>();
  private final Map<Long, Queue<Frame>> told = new HashMap<>();
  private final Set<Long> closed = new HashSet<>();
  private Duration passed = Duration.ZERO;
  private long nextId = -1;
  private long nextRequest = 1;

  Doorstep(NodeConfig config) {
    node =
        new RendezvousNode(
            config,
            key,
            Bytes.utf8("a secret of thirty-two bytes, yes"),
            random,
            () -> Instant.ofEpochSecond(1_800_000_000).plus(passed));
  }

  MonotonicTime now() {
    return new MonotonicTime(passed.toNanos());
  }

  Instant time() {
    return Instant.ofEpochSecond(1_800_000_000).plus(passed);
  }

  void pass(Duration time) {
    passed = passed.plus(time);
    node.advance(now());
    settle();
  }

  /** Somebody who connected, from this address. */
  Visitor visitor(String ip) {
    Visitor visitor = new Visitor(ip);
    node.accept(new Input.Opened(visitor.flow), now());
    settle();
    return visitor;
  }

  /** A peer that has proven who it is. */
  Visitor peer(String ip) {
    Visitor visitor = visitor(ip);
    visitor.prove();
    return visitor;
  }

  private void settle() {
    for (Optional<Output> next = node.pollOutput(); next.isPresent(); next = node.pollOutput()) {
      if (next.get() instanceof Output.Send send) {
        try {
          told.computeIfAbsent(send.flow().id(), fresh -> new ArrayDeque<>())
              .add(FrameText.read(send.payload()));
        } catch (FrameException e) {
          throw new AssertionError(send.payload().utf8(), e);
        }
      } else if (next.get() instanceof Output.Close close) {
        closed.add(close.id());
      }
    }
    for (Optional<NodeEvent> next = node.pollEvent(); next.isPresent(); next = node.pollEvent()) {
      events.add(next.get());
    }
  }

  /** One connection. */
  final class Visitor {
    final PeerKey key = PeerKey.generate(random);
    final Flow flow;
    Optional<Frame.Hello> hello = Optional.empty();
    Optional<Frame.Welcome> welcome = Optional.empty();

    Visitor(String ip) {
      flow =
          new Flow(
              nextId--,
              Transport.TLS,
              new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 443),
              new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 5000));
    }

    /** What it was told next; fails if that is nothing. */
    Frame next() {
      Frame next = told.getOrDefault(flow.id(), new ArrayDeque<>()).poll();
      if (next == null) {
        throw new AssertionError("nothing was said");
      }
      return next;
    }

    <T extends Frame> T next(Class<T> type) {
      Frame next = next();
      if (!type.isInstance(next)) {
        throw new AssertionError(next.toString());
      }
      return type.cast(next);
    }

    boolean heardNothing() {
      return told.getOrDefault(flow.id(), new ArrayDeque<>()).isEmpty();
    }

    boolean isClosed() {
      return closed.contains(flow.id());
    }

    void say(Frame frame) {
      sayText(FrameText.write(frame));
    }

    void sayText(Bytes text) {
      node.receive(flow, text, now());
      settle();
    }

    void writable(boolean writable) {
      node.accept(new Input.Writable(flow.id(), writable), now());
    }

    void leave() {
      node.accept(new Input.Closed(flow.id(), CloseCause.FINISHED, ""), now());
      settle();
    }

    Frame.Auth auth(PeerKey as, Optional<Bytes> resume) {
      Frame.Hello said = hello.orElseGet(() -> next(Frame.Hello.class));
      hello = Optional.of(said);
      Bytes nonce = Bytes.wrap(new byte[32]);
      String url = "wss://node.example/";
      return new Frame.Auth(as.id(), nonce, url, Proof.ofPeer(as, said, nonce, url), resume);
    }

    void prove() {
      Frame.Auth auth = auth(key, Optional.empty());
      say(auth);
      Frame.Welcome said = next(Frame.Welcome.class);
      if (!Proof.isOfNode(said, hello.orElseThrow(), auth)) {
        throw new AssertionError("the node does not prove who it is");
      }
      welcome = Optional.of(said);
    }

    long id() {
      return nextRequest++;
    }

    PeerRecord record(long sequence, Duration validity) {
      return new PeerRecord(key.id(), Bytes.wrap(new byte[32]), sequence, time().plus(validity));
    }

    Frame register(long sequence, Duration validity, List<Bytes> namespaces) {
      say(new Frame.Register(id(), record(sequence, validity).sign(key), namespaces));
      return next();
    }
  }
}
