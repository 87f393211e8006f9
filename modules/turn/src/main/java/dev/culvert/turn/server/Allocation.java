package dev.culvert.turn.server;

import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.turn.FiveTuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client has at a relay (RFC 8656 §3): one or two relayed addresses and all that hangs on.
 */
final class Allocation implements Client, Deadlines.Due {
  /** Its name within the node: later ones have greater numbers. */
  final long id;

  /** When it was made. */
  final long madeAt;

  final FiveTuple tuple;
  final Flow client;
  final Session session;

  /** The relayed addresses' protocol: TCP by RFC 6062. */
  final boolean tcp;

  final ChannelTable channels = new ChannelTable();

  /** TCP connections to and from peers. */
  final List<PeerConnection> connections = new ArrayList<>(0);

  private final Context context;
  private final Quotas.Grant grant;
  private final ClientForward indication;
  private final List<Relayed> relayed = new ArrayList<>(1);
  private final TransactionId transactionId;
  private List<Attribute> answer = List.of();
  private Deadlines.@Nullable Deadline scheduled;
  private @Nullable AllocationKind kind;
  private boolean ended;
  private long toPeersBytes;
  private long toPeersDatagrams;
  private long toClientBytes;
  private long toClientDatagrams;

  /**
   * Who made an allocation and may change it.
   *
   * @param username as the client wrote it
   * @param algorithm of the password, as LongTermServer.Users knows it
   * @param key proves the user's messages
   */
  record Session(String username, int algorithm, IntegrityKey key) {}

  Allocation(
      Context context,
      Flow client,
      Session session,
      TransactionId transactionId,
      Quotas.Grant grant,
      boolean tcp,
      long now) {
    this.context = context;
    id = context.newAllocationId();
    madeAt = now;
    this.client = client;
    this.session = session;
    this.transactionId = transactionId;
    this.grant = grant;
    this.tcp = tcp;
    tuple = FiveTuple.ofServer(client);
    indication = new ClientForward(client, 0);
  }

  /** Whether this allocation was made by the very request that came again. */
  boolean isFrom(TransactionId id) {
    return transactionId.equals(id);
  }

  /** What the request that made it was answered; it is answered alike when it comes again. */
  List<Attribute> answer() {
    return answer;
  }

  void answer(List<Attribute> attributes) {
    answer = List.copyOf(attributes);
  }

  void add(Relayed address) {
    relayed.add(address);
    count();
    schedule(address.expiresAt());
  }

  private void count() {
    AllocationKind now =
        relayed.isEmpty()
            ? null
            : AllocationKind.of(
                client.transport(), relayed(true).isPresent(), relayed(false).isPresent());
    context.kinds.change(kind, now);
    kind = now;
  }

  List<Relayed> relayed() {
    return relayed;
  }

  /** The relayed address of an IP version. */
  Optional<Relayed> relayed(boolean ipv4) {
    for (Relayed address : relayed) {
      if (address.isIpv4() == ipv4) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  List<TransportAddress> announced() {
    return relayed.stream().map(Relayed::announced).toList();
  }

  boolean hasEnded() {
    return ended;
  }

  /** Permissions of both IP versions. */
  int permissions() {
    int sum = 0;
    for (Relayed address : relayed) {
      sum += address.permissions();
    }
    return sum;
  }

  ClientForward indication() {
    return indication;
  }

  @Override
  public @Nullable PeerForward toPeer(int channel, int length, long now) {
    ChannelBinding binding = channels.get(channel);
    if (binding == null || binding.isExpired(now) || binding.relayed.isExpired(now)) {
      context.counts.add(TurnCount.DROPPED_NO_PERMISSION);
      return null;
    }
    if (binding.permission.own
        && !context.resources.isLive(binding.permission.peer, binding.port)) {
      context.counts.add(TurnCount.DROPPED_FORBIDDEN);
      return null;
    }
    return countToPeer(length, now) ? binding.toPeer : null;
  }

  /** Whether bandwidth allows it; if so, it is counted. */
  boolean countToPeer(int length, long now) {
    if (!grant.admits(length, now)) {
      context.counts.add(TurnCount.DROPPED_BANDWIDTH);
      return false;
    }
    toPeersBytes += length;
    toPeersDatagrams++;
    context.counts.add(TurnCount.TO_PEERS);
    context.counts.add(TurnCount.TO_PEERS_BYTES, length);
    return true;
  }

  /** Whether bandwidth allows it; if so, it is counted. */
  boolean countToClient(int length, long now) {
    if (!grant.admits(length, now)) {
      context.counts.add(TurnCount.DROPPED_BANDWIDTH);
      return false;
    }
    toClientBytes += length;
    toClientDatagrams++;
    context.counts.add(TurnCount.TO_CLIENTS);
    context.counts.add(TurnCount.TO_CLIENTS_BYTES, length);
    return true;
  }

  /** Counts what went over TCP connections to peers, which no bandwidth is asked about. */
  void countSpliced(boolean toPeer, int length) {
    if (toPeer) {
      toPeersBytes += length;
    } else {
      toClientBytes += length;
    }
    context.counts.add(toPeer ? TurnCount.TO_PEERS_BYTES : TurnCount.TO_CLIENTS_BYTES, length);
  }

  /** What there is to say about it now. */
  AllocationInfo info(long now) {
    long expiresAt = now;
    for (Relayed address : relayed) {
      long due = address.expiresAt();
      expiresAt = due - expiresAt > 0 ? due : expiresAt;
    }
    return new AllocationInfo(
        id,
        tuple,
        session.username(),
        tcp,
        announced(),
        Duration.ofNanos(now - madeAt),
        Duration.ofNanos(expiresAt - now),
        permissions(),
        channels.size(),
        connections.size(),
        new AllocationInfo.Traffic(toPeersDatagrams, toPeersBytes),
        new AllocationInfo.Traffic(toClientDatagrams, toClientBytes));
  }

  /** Sees to it that {@link #due} is called at {@code time} or before. */
  void schedule(long time) {
    Deadlines.Deadline standing = scheduled;
    if (standing == null || time - standing.at() < 0) {
      unschedule();
      scheduled = context.deadlines.add(time, this);
    }
  }

  private void unschedule() {
    if (scheduled != null) {
      context.deadlines.remove(scheduled);
      scheduled = null;
    }
  }

  @Override
  public void due(long now) {
    scheduled = null;
    for (Relayed address : List.copyOf(relayed)) {
      if (address.isExpired(now)) {
        end(address, TurnEvent.Ended.Cause.EXPIRED, now);
      }
    }
    if (ended) {
      return;
    }
    channels.expire(now, null);
    long next = channels.nextExpiry(relayed.get(0).expiresAt());
    for (Relayed address : relayed) {
      address.expirePermissions(now);
      long due = address.nextExpiry(now);
      next = due - next < 0 ? due : next;
    }
    schedule(next);
  }

  /** Ends the whole. */
  void end(TurnEvent.Ended.Cause cause, long now) {
    for (Relayed address : List.copyOf(relayed)) {
      end(address, cause, now);
    }
  }

  /** Ends one of the relayed addresses, and with the last one the allocation. */
  void end(Relayed address, TurnEvent.Ended.Cause cause, long now) {
    relayed.remove(address);
    count();
    channels.expire(now, address);
    context.sockets.remove(address.id);
    context.peers.unlisten(address);
    context.resources.live(address.lease, false);
    context.resources.giveBack(address.lease, now);
    context.outputs.add(new Output.Close(address.id));
    if (relayed.isEmpty() && !ended) {
      ended = true;
      // Else it would be remembered until it would have expired, an hour where the client wants.
      unschedule();
      grant.giveBack();
      context.clients.remove(this);
      context.peers.closeAll(this);
      context.counts.add(TurnCount.ALLOCATIONS_ENDED);
      context.events.add(
          new TurnEvent.Ended(tuple, session.username(), cause, toPeersBytes, toClientBytes));
    }
  }
}
