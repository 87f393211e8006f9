package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Resident;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameException;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A peer in a simulated Internet. Whatever it does, it is looked at from outside whether it keeps
 * within its bounds.
 */
final class VirtualPeer implements Machine<AttachmentEvent> {
  final PeerKey key;
  final List<AttachmentEvent> told = new ArrayList<>();
  final List<Try> tries = new ArrayList<>();
  final Resident<AttachmentEvent> seat;
  private final Attachments attachments;
  private final VirtualTown town;
  private final Set<Long> ids = new HashSet<>();
  private final Set<Long> connections = new HashSet<>();
  private final Map<TransportAddress, MonotonicTime> notBefore = new HashMap<>();
  private int lasting;

  VirtualPeer(
      VirtualTown town,
      Host host,
      PeerKey key,
      AttachmentsConfig config,
      Duration clockAhead,
      RandomGenerator random) {
    this.town = town;
    this.key = key;
    this.attachments = new Attachments(config, key, 7, random, () -> town.time().plus(clockAhead));
    this.seat = host.run(this, this::told);
  }

  /** That it connected to a node. */
  record Try(TransportAddress node, MonotonicTime at) {}

  boolean wasSentAway() {
    return !notBefore.isEmpty();
  }

  int openedTo(TransportAddress node) {
    return (int) tries.stream().filter(one -> one.node().equals(node)).count();
  }

  PeerId id() {
    return key.id();
  }

  Attachments attachments() {
    return attachments;
  }

  void know(List<KnownNode> nodes) {
    seat.execute(now -> attachments.know(nodes, now));
  }

  long lookup(PeerId peer) {
    long[] id = new long[1];
    seat.execute(now -> id[0] = attachments.lookup(peer, now));
    return id[0];
  }

  long signal(PeerId to, String text) {
    return signal(to, text, Set.of());
  }

  long signal(PeerId to, String text, Set<PeerId> avoid) {
    long[] id = new long[1];
    seat.execute(now -> id[0] = attachments.signal(to, Bytes.utf8(text), avoid, now));
    return id[0];
  }

  <T extends AttachmentEvent> List<T> told(Class<T> type) {
    return told.stream().filter(type::isInstance).map(type::cast).toList();
  }

  Optional<AttachmentEvent.Looked> looked(long request) {
    return told(AttachmentEvent.Looked.class).stream()
        .filter(event -> event.request() == request)
        .findFirst();
  }

  Optional<Fate> fate(long request) {
    return told(AttachmentEvent.Signalled.class).stream()
        .filter(event -> event.request() == request)
        .map(AttachmentEvent.Signalled::fate)
        .findFirst();
  }

  boolean heard(String text) {
    return told(AttachmentEvent.Said.class).stream()
        .anyMatch(event -> event.sealed().equals(Bytes.utf8(text)));
  }

  List<PeerId> attached() {
    return attachments.attached().stream().map(NodeOffer::node).toList();
  }

  private void told(AttachmentEvent event) {
    told.add(event);
    if (event instanceof AttachmentEvent.Attached) {
      lasting++;
    } else if (event instanceof AttachmentEvent.Detached) {
      lasting--;
    }
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    if (payload.utf8().contains("\"retry")) {
      sentAway(from, payload, now);
    }
    attachments.receive(from, payload, now);
  }

  /** Notes when it may come again. */
  private void sentAway(Flow from, Bytes payload, MonotonicTime now) {
    try {
      if (FrameText.read(payload) instanceof Frame.Refusal refusal && refusal.re().isEmpty()) {
        refusal.retryAfter().ifPresent(wait -> notBefore.put(from.remote(), now.plus(wait)));
      }
    } catch (FrameException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Closed closed) {
      connections.remove(closed.id());
    }
    attachments.accept(input, now);
  }

  @Override
  public void advance(MonotonicTime now) {
    attachments.advance(now);
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return attachments.nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    Optional<Output> output = attachments.pollOutput();
    output.ifPresent(this::look);
    return output;
  }

  private void look(Output output) {
    if (output instanceof Output.OpenWebSocket open) {
      fresh(open.id());
      connections.add(open.id());
      MonotonicTime now = town.world.now();
      tries.add(new Try(open.remote(), now));
      town.check(
          !now.isBefore(notBefore.getOrDefault(open.remote(), now)), "it was told to wait longer");
    } else if (output instanceof Output.Ask ask) {
      fresh(ask.id());
    } else if (output instanceof Output.Close close) {
      connections.remove(close.id());
    }
    town.check(connections.size() <= 10, "10 connections at most, not " + connections);
    town.check(attachments.attached().size() <= 2, "attached to " + attached());
  }

  private void fresh(long id) {
    town.check(id >= 7 && ids.add(id), "an id is used again: " + id);
  }

  @Override
  public Optional<AttachmentEvent> pollEvent() {
    Optional<AttachmentEvent> event = attachments.pollEvent();
    if (event.isEmpty()) {
      town.check(
          lasting == attachments.attached().size() || isOver(),
          "told of " + lasting + " nodes, attached to " + attached());
    }
    return event;
  }

  private boolean isOver() {
    return told.contains(new AttachmentEvent.Ended());
  }

  Bytes sealingKey() {
    return attachments.sealingKeys().get(0).publicKey();
  }
}
