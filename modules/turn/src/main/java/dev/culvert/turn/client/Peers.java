package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The permissions and channels of one allocation (RFC 8656 §9, §12). */
final class Peers {
  /** Permissions live for five minutes and channels for ten; both are prolonged together. */
  private static final Duration PROLONG = Duration.ofMinutes(4);

  /** A channel's ten minutes, and five in which its number may serve no other peer. */
  private static final Duration QUARANTINE = Duration.ofMinutes(15);

  /** After how long a prolongation is asked for again that was not answered. */
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private static final int MOST_WAITING = 32;

  /** Refusals that are about the peer itself, not about its having a channel. */
  private static final Set<Integer> HOPELESS =
      Set.of(
          ErrorCode.FORBIDDEN,
          ErrorCode.WRONG_CREDENTIALS,
          ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH,
          ErrorCode.UNAUTHENTICATED,
          ErrorCode.STALE_NONCE);

  private final ServerLink link;
  private final Agenda agenda;
  private final Consumer<TurnClientEvent> events;
  private final Reply.Taker doubt;
  private final Refusals refusals;
  private final Map<TransportAddress, Peer> peers = new HashMap<>();
  private final Map<InetAddress, Permission> permissions = new LinkedHashMap<>();
  private final Map<TransportAddress, Integer> numbers = new HashMap<>();
  private final Map<Integer, TransportAddress> owners = new HashMap<>();

  /** Somebody whom data was sent to. */
  private static final class Peer {
    final TransportAddress address;
    final Deque<Bytes> waiting = new ArrayDeque<>();
    int channel;
    boolean bound;

    Peer(TransportAddress address) {
      this.address = address;
    }
  }

  /** Somebody who may send: by a permission of its own, by a channel, or by both. */
  private static final class Permission {
    @Nullable TransportAddress asked;
    boolean granted;
    boolean told;
  }

  /**
   * Nobody yet.
   *
   * @param doubt is given replies that make the allocation itself doubtful
   */
  Peers(
      ServerLink link,
      Agenda agenda,
      Refusals refusals,
      Consumer<TurnClientEvent> events,
      Reply.Taker doubt) {
    this.link = link;
    this.agenda = agenda;
    this.refusals = refusals;
    this.events = events;
    this.doubt = doubt;
  }

  /** Whom permissions were asked for, each with one of its ports. */
  List<TransportAddress> permitted() {
    return permissions.values().stream()
        .map(permission -> permission.asked)
        .filter(Objects::nonNull)
        .toList();
  }

  /** Whom data was sent to. */
  List<TransportAddress> called() {
    return List.copyOf(peers.keySet());
  }

  void permit(TransportAddress peer, MonotonicTime now) {
    Permission permission = permissions.computeIfAbsent(peer.ip(), fresh -> new Permission());
    if (permission.asked == null) {
      permission.asked = peer;
      MonotonicTime when = refusals.earliest(peer.ip(), now);
      if (now.isBefore(when)) {
        agenda.at(when, later -> askPermission(peer, permission, later));
      } else {
        askPermission(peer, permission, now);
      }
    }
  }

  /** Asks for a channel, unless that is done or was refused just now. */
  void call(TransportAddress address, MonotonicTime now) {
    if (!peers.containsKey(address) && !isRefused(address, now)) {
      Peer peer = new Peer(address);
      peers.put(address, peer);
      bind(peer, now);
    }
  }

  private boolean isRefused(TransportAddress address, MonotonicTime now) {
    return now.isBefore(refusals.earliest(address.ip(), now));
  }

  /** Sends, or keeps for the moment when a permission is there; false: the relay refused. */
  boolean send(TransportAddress to, Bytes data, MonotonicTime now) {
    call(to, now);
    Peer peer = peers.get(to);
    if (peer == null) {
      return false;
    }
    if (peer.bound) {
      return link.send(peer.channel, data);
    }
    Permission permission = permissions.get(to.ip());
    if (permission != null && permission.granted) {
      return link.send(to, data);
    }
    if (peer.waiting.size() == MOST_WAITING) {
      peer.waiting.remove();
    }
    return peer.waiting.add(data);
  }

  /** Prolongs nothing of this address any more, and takes nothing from it. */
  void forget(InetAddress ip, MonotonicTime now) {
    permissions.remove(ip);
    for (Peer peer : of(ip)) {
      drop(peer, now);
    }
  }

  /** The peer that data on a channel comes from; null: none that is known. */
  @Nullable TransportAddress owner(int channel) {
    TransportAddress owner = owners.get(channel);
    return owner != null && peers.containsKey(owner) ? owner : null;
  }

  /** Whether data from this address was asked for. */
  boolean isExpected(InetAddress ip) {
    return permissions.containsKey(ip) || peers.keySet().stream().anyMatch(p -> p.ip().equals(ip));
  }

  private List<Peer> of(InetAddress ip) {
    List<Peer> found = new ArrayList<>();
    peers.values().stream().filter(peer -> peer.address.ip().equals(ip)).forEach(found::add);
    return found;
  }

  private void drop(Peer peer, MonotonicTime now) {
    peers.remove(peer.address);
    agenda.at(
        now.plus(QUARANTINE),
        later -> {
          if (!peers.containsKey(peer.address) && peer.channel != 0) {
            numbers.remove(peer.address, peer.channel);
            owners.remove(peer.channel, peer.address);
          }
        });
  }

  private Optional<Integer> numberFor(TransportAddress address) {
    Integer kept = numbers.get(address);
    for (int number = ChannelData.FIRST_CHANNEL;
        kept == null && number <= ChannelData.LAST_CHANNEL;
        number++) {
      kept = owners.containsKey(number) ? null : (Integer) number;
    }
    return Optional.ofNullable(kept);
  }

  private void bind(Peer peer, MonotonicTime now) {
    Optional<Integer> number = numberFor(peer.address);
    if (number.isEmpty()) {
      permit(peer.address, now);
      return;
    }
    peer.channel = number.get();
    numbers.put(peer.address, peer.channel);
    owners.put(peer.channel, peer.address);
    link.requests()
        .ask(
            Method.CHANNEL_BIND,
            List.of(new ChannelNumber(peer.channel), new XorPeerAddress(peer.address)),
            (reply, later) -> bound(peer, reply, later),
            now);
  }

  private void bound(Peer peer, Reply reply, MonotonicTime now) {
    if (peers.get(peer.address) != peer) {
      return;
    }
    if (reply.code() == ErrorCode.ALLOCATION_MISMATCH) {
      doubt.take(reply, now);
    } else if (reply instanceof Reply.Granted) {
      if (!peer.bound) {
        peer.bound = true;
        events.accept(new TurnClientEvent.ChannelBound(peer.address, peer.channel));
      }
      permissions.computeIfAbsent(peer.address.ip(), fresh -> new Permission()).granted = true;
      refusals.granted(peer.address.ip());
      of(peer.address.ip()).forEach(this::flush);
      agenda.at(now.plus(PROLONG), later -> prolong(peer, later));
    } else if (reply instanceof Reply.Unanswered && peer.bound) {
      agenda.at(now.plus(AGAIN), later -> prolong(peer, later));
      doubt.take(reply, now);
    } else if (reply instanceof Reply.Refused && !HOPELESS.contains(reply.code())) {
      // It may have as many channels as it wants, or be no friend of them; indications remain.
      peer.bound = false;
      permit(peer.address, now);
    } else {
      refused(peer.address.ip(), reply, now);
    }
  }

  private void prolong(Peer peer, MonotonicTime now) {
    if (peers.get(peer.address) == peer) {
      bind(peer, now);
    }
  }

  private void askPermission(TransportAddress peer, Permission permission, MonotonicTime now) {
    if (permissions.get(peer.ip()) != permission) {
      return;
    }
    link.requests()
        .ask(
            Method.CREATE_PERMISSION,
            List.of(new XorPeerAddress(peer)),
            (reply, later) -> permitted(peer, permission, reply, later),
            now);
  }

  private void permitted(
      TransportAddress asked, Permission permission, Reply reply, MonotonicTime now) {
    InetAddress ip = asked.ip();
    if (permissions.get(ip) != permission) {
      return;
    }
    if (reply.code() == ErrorCode.ALLOCATION_MISMATCH) {
      doubt.take(reply, now);
    } else if (reply instanceof Reply.Granted) {
      permission.granted = true;
      refusals.granted(ip);
      if (!permission.told) {
        permission.told = true;
        events.accept(new TurnClientEvent.Permitted(ip));
      }
      of(ip).forEach(this::flush);
      agenda.at(now.plus(PROLONG), later -> askPermission(asked, permission, later));
    } else if (reply instanceof Reply.Unanswered && permission.granted) {
      agenda.at(now.plus(AGAIN), later -> askPermission(asked, permission, later));
      doubt.take(reply, now);
    } else {
      refused(ip, reply, now);
    }
  }

  private void refused(InetAddress ip, Reply reply, MonotonicTime now) {
    forget(ip, now);
    refusals.refused(ip, now);
    events.accept(new TurnClientEvent.PeerRefused(ip, reply.code(), reply.reason()));
    doubt.take(reply, now);
  }

  private void flush(Peer peer) {
    for (Bytes data = peer.waiting.poll(); data != null; data = peer.waiting.poll()) {
      if (peer.bound) {
        link.send(peer.channel, data);
      } else {
        link.send(peer.address, data);
      }
    }
  }
}
