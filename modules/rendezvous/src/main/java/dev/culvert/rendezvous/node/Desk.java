package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Answers what proven peers ask for. */
final class Desk {
  private final NodeConfig config;
  private final Directory directory;
  private final Map<PeerId, Guest> peers;
  private final BiConsumer<Guest, Frame> sender;
  private final Neighbours neighbours;
  private final Plates plates;
  private final Buckets<PeerId> requests;
  private final Buckets<PeerId> signals;
  private final Buckets<PeerId> targets;
  private long delivered;
  private long undelivered;
  private long refused;

  Desk(
      NodeConfig config,
      Directory directory,
      Map<PeerId, Guest> peers,
      Neighbours neighbours,
      BiConsumer<Guest, Frame> sender) {
    this.config = config;
    this.directory = directory;
    this.peers = peers;
    this.neighbours = neighbours;
    this.sender = sender;
    this.plates = new Plates(sender);
    this.requests = new Buckets<>(config.limits().requests());
    this.signals = new Buckets<>(config.limits().signals());
    this.targets = new Buckets<>(config.limits().signalsPerTarget());
  }

  /** Where strangers meet once. */
  Plates plates() {
    return plates;
  }

  long delivered() {
    return delivered;
  }

  long undelivered() {
    return undelivered;
  }

  long refused() {
    return refused;
  }

  void take(Guest guest, PeerId peer, Frame.Request request, Instant time, MonotonicTime now) {
    if (request instanceof Frame.Signal signal) {
      signal(guest, peer, signal, now);
    } else if (!requests.take(peer, now)) {
      refused++;
      tooOften(guest, request.id(), requests.wait(peer, now));
    } else if (request instanceof Frame.Register register) {
      register(guest, peer, register, time);
    } else if (request instanceof Frame.Unregister) {
      directory.remove(peer);
      sender.accept(guest, new Frame.Done(request.id()));
    } else if (request instanceof Frame.Lookup lookup) {
      lookup(guest, peer, lookup, time);
    } else if (request instanceof Frame.Discover discover) {
      discover(guest, discover, time);
    } else if (request instanceof Frame.Block block) {
      guest.block(new HashSet<>(block.peers()));
      sender.accept(guest, new Frame.Done(request.id()));
    } else if (request instanceof Frame.Ping) {
      sender.accept(guest, new Frame.Pong(request.id()));
    } else if (request instanceof Frame.AskNodes) {
      sender.accept(guest, new Frame.Nodes(request.id(), neighbours.told(time)));
    } else if (request instanceof Frame.AskRelays) {
      sender.accept(guest, new Frame.Relays(request.id(), config.relays().apply(peer)));
    } else if (request instanceof Frame.Announce announce) {
      announce(guest, peer, announce, time);
    } else if (request instanceof Frame.PlateRequest plate) {
      plates.take(guest, plate, now);
    }
  }

  private void announce(Guest guest, PeerId peer, Frame.Announce announce, Instant time) {
    InetAddress from = guest.flow().remote().ip();
    Optional<Frame.Refusal> refusal = neighbours.announce(announce, peer, from, time);
    sender.accept(guest, refusal.<Frame>map(its -> its).orElse(new Frame.Done(announce.id())));
  }

  private void register(Guest guest, PeerId peer, Frame.Register register, Instant time) {
    Signed signed = register.record();
    if (signed.payload().length() > PeerRecord.MOST_BYTES) {
      String reason = "a record has at most " + PeerRecord.MOST_BYTES + " bytes";
      refuse(guest, register, Frame.Code.TOO_LONG, reason);
      return;
    }
    Optional<PeerRecord> record =
        signed.signer().equals(peer) ? PeerRecord.read(signed) : Optional.empty();
    if (record.isEmpty()) {
      refuse(guest, register, Frame.Code.DENIED, "the record is not yours, or not signed by you");
      return;
    }
    Duration validity = Duration.between(time, record.get().expiry());
    if (validity.isNegative() || validity.isZero()) {
      refuse(guest, register, Frame.Code.STALE, "the record has expired; check the clock");
    } else if (validity.compareTo(PeerRecord.LONGEST) > 0) {
      refuse(guest, register, Frame.Code.DENIED, "a record holds for an hour at most");
    } else if (register.namespaces().size() > config.limits().namespacesPerPeer()) {
      refuse(guest, register, Frame.Code.DENIED, "that are too many namespaces");
    } else {
      InetAddress from = guest.flow().remote().ip();
      Optional<Bytes> origin =
          from.isLoopbackAddress() ? Optional.empty() : Optional.of(Gate.prefix(from));
      switch (directory.register(record.get(), signed, register.namespaces(), origin, time)) {
        case KEPT -> sender.accept(guest, new Frame.Registered(register.id(), validity));
        case STALE -> refuse(guest, register, Frame.Code.STALE, "there is a newer record");
        case FULL -> refuse(guest, register, Frame.Code.UNAVAILABLE, "there is no room");
      }
    }
  }

  private void lookup(Guest guest, PeerId peer, Frame.Lookup lookup, Instant time) {
    Optional<Directory.Entry> entry = directory.find(lookup.peer(), time);
    Guest target = peers.get(lookup.peer());
    boolean online = target != null && !target.blocks(peer);
    entry.ifPresentOrElse(
        its -> sender.accept(guest, new Frame.Found(lookup.id(), its.signed(), online)),
        () -> refuse(guest, lookup, Frame.Code.UNKNOWN, "nobody here knows that peer"));
  }

  private void discover(Guest guest, Frame.Discover discover, Instant time) {
    List<Directory.Entry> found =
        directory.members(discover.namespace(), discover.cookie(), discover.limit() + 1, time);
    Sheet sheet = new Sheet();
    List<Directory.Entry> told =
        found.stream()
            .limit(discover.limit())
            .takeWhile(entry -> sheet.takes(entry.signed()))
            .toList();
    Optional<String> cookie =
        told.size() < found.size()
            ? Optional.of(told.get(told.size() - 1).record().peer().toString())
            : Optional.empty();
    sender.accept(
        guest,
        new Frame.Members(
            discover.id(), told.stream().map(Directory.Entry::signed).toList(), cookie));
  }

  private void signal(Guest guest, PeerId peer, Frame.Signal signal, MonotonicTime now) {
    if (!signals.take(peer, now)) {
      undelivered++;
      refused++;
      tooOften(guest, signal.id(), signals.wait(peer, now));
      return;
    }
    guest.speaksTo(signal.to());
    Guest target = peers.get(signal.to());
    Optional<Frame.Reason> reason = Optional.empty();
    if (target == null) {
      reason = Optional.of(Frame.Reason.OFFLINE);
    } else if (target.blocks(peer)) {
      reason = Optional.of(Frame.Reason.BLOCKED);
    } else if (!target.isWritable()) {
      reason = Optional.of(Frame.Reason.BUSY);
    } else if (!target.hasSpokenTo(peer) && !targets.take(signal.to(), now)) {
      reason = Optional.of(Frame.Reason.QUOTA);
    }
    if (target == null || reason.isPresent()) {
      undelivered++;
      sender.accept(
          guest, new Frame.Undeliverable(signal.id(), reason.orElse(Frame.Reason.OFFLINE)));
      return;
    }
    delivered++;
    sender.accept(target, new Frame.Said(peer, signal.sealed()));
    sender.accept(guest, new Frame.Delivered(signal.id()));
  }

  private void refuse(Guest guest, Frame.Request request, Frame.Code code, String reason) {
    sender.accept(
        guest, new Frame.Refusal(Optional.of(request.id()), code, reason, Optional.empty()));
  }

  private void tooOften(Guest guest, long id, Duration wait) {
    sender.accept(
        guest,
        new Frame.Refusal(
            Optional.of(id),
            Frame.Code.TOO_OFTEN,
            "that is too often",
            Optional.of(wait.plusSeconds(1))));
  }
}
