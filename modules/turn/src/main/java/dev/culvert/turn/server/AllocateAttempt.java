package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressErrorCode;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One Allocate request while its sockets are being opened. */
final class AllocateAttempt {
  /** How many ports are tried, should programs beside this one have them. */
  private static final int TRIES = 16;

  private record Open(long id, RelayResources.Lease lease) {}

  private final Context context;
  private final Replies replies;
  private final Request request;
  private final String owner;
  private final Quotas.Grant grant;
  private final Consumer<AllocateAttempt> onEnd;
  private final boolean tcp;
  private final boolean even;
  private final boolean pair;
  private final Queue<Boolean> families = new ArrayDeque<>();
  private final List<Open> open = new ArrayList<>();
  private final List<Attribute> faults = new ArrayList<>();
  private LongConsumer onSocket = id -> {};
  private @Nullable Open opening;
  private Optional<Bytes> token = Optional.empty();
  private int tries;

  /**
   * An attempt that has not begun.
   *
   * @param grant is given back if the attempt fails
   * @param onEnd is told once it is over
   */
  AllocateAttempt(
      Context context,
      Request request,
      String owner,
      Quotas.Grant grant,
      Consumer<AllocateAttempt> onEnd) {
    this.context = context;
    replies = context.replies;
    this.request = request;
    this.owner = owner;
    this.grant = grant;
    this.onEnd = onEnd;
    StunMessage message = request.message();
    tcp =
        message
            .first(RequestedTransport.class)
            .filter(attribute -> attribute.protocol() == RequestedTransport.TCP)
            .isPresent();
    even = message.has(EvenPort.class);
    pair = message.first(EvenPort.class).filter(EvenPort::reserveNext).isPresent();
    if (message.has(AdditionalAddressFamily.class)) {
      families.add(true);
      families.add(false);
    } else {
      families.add(
          message
              .first(RequestedAddressFamily.class)
              .filter(attribute -> attribute.family() == AddressFamily.IPV6)
              .isEmpty());
    }
  }

  boolean isFrom(TransactionId id) {
    return request.message().transactionId().equals(id);
  }

  /**
   * Asks for the first socket.
   *
   * @param reserved the port that a token stood for
   * @param onSocket is told the ids of sockets that are asked for
   */
  void begin(Optional<RelayResources.Lease> reserved, LongConsumer onSocket) {
    this.onSocket = onSocket;
    if (reserved.isPresent()) {
      families.clear();
      tries = TRIES;
      open(reserved.get());
    } else {
      next(request.now());
    }
  }

  private void next(long now) {
    Boolean ipv4 = families.peek();
    if (ipv4 == null) {
      finish(now);
    } else if (!context.resources.relays(ipv4)) {
      miss(ipv4, ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED, now);
    } else {
      Optional<RelayResources.Lease> lease = lease(ipv4, now);
      if (lease.isPresent()) {
        open(lease.get());
      } else {
        miss(ipv4, ErrorCode.INSUFFICIENT_CAPACITY, now);
      }
    }
  }

  private Optional<RelayResources.Lease> lease(boolean ipv4, long now) {
    if (pair) {
      return context.resources.leaseEvenOfPair(ipv4, now);
    }
    return even ? context.resources.leaseEven(ipv4, now) : context.resources.lease(ipv4, now);
  }

  private void miss(boolean ipv4, int code, long now) {
    families.poll();
    tries = 0;
    faults.add(AddressErrorCode.of(ipv4 ? AddressFamily.IPV4 : AddressFamily.IPV6, code));
    next(now);
  }

  private void open(RelayResources.Lease lease) {
    long id = context.newId();
    opening = new Open(id, lease);
    onSocket.accept(id);
    TransportAddress local = new TransportAddress(lease.address().local(), lease.port());
    context.outputs.add(tcp ? new Output.Listen(id, local) : new Output.Bind(id, local));
  }

  void bound(long now) {
    Open bound = opening;
    opening = null;
    if (bound == null) {
      return;
    }
    open.add(bound);
    if (pair) {
      token = Optional.of(context.resources.reserve(bound.lease(), owner, now));
      context.deadlines.add(
          now + RelayResources.RESERVATION_NANOS, context.resources::dropReservations);
    }
    families.poll();
    tries = 0;
    next(now);
  }

  void failed(long now) {
    Open failed = opening;
    opening = null;
    if (failed == null) {
      return;
    }
    context.resources.giveBack(failed.lease(), now);
    if (pair) {
      context.resources.giveBackNext(failed.lease(), now);
    }
    Boolean ipv4 = families.peek();
    if (ipv4 == null) {
      faults.add(AddressErrorCode.of(AddressFamily.IPV4, ErrorCode.INSUFFICIENT_CAPACITY));
      finish(now);
    } else if (++tries < TRIES) {
      next(now);
    } else {
      miss(ipv4, ErrorCode.INSUFFICIENT_CAPACITY, now);
    }
  }

  private void finish(long now) {
    onEnd.accept(this);
    if (open.isEmpty()) {
      grant.giveBack();
      boolean none =
          faults.stream()
              .allMatch(
                  fault ->
                      fault instanceof AddressErrorCode error
                          && error.code() == ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);
      replies.refuse(
          request, none ? ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED : ErrorCode.INSUFFICIENT_CAPACITY);
    } else if (context.clients.stands(request.from())) {
      allocate(now);
    } else {
      grant.giveBack();
      for (Open socket : open) {
        context.resources.giveBack(socket.lease(), now);
        context.outputs.add(new Output.Close(socket.id()));
      }
    }
  }

  private void allocate(long now) {
    long seconds = context.lifetimes.granted(request.message());
    Allocation allocation =
        new Allocation(
            context,
            request.from(),
            request.session(),
            request.message().transactionId(),
            grant,
            tcp,
            now);
    List<Attribute> answer = new ArrayList<>();
    for (Open socket : open) {
      Relayed relayed =
          new Relayed(
              context, socket.id(), socket.lease(), allocation, Lifetimes.after(now, seconds));
      allocation.add(relayed);
      context.sockets.put(socket.id(), relayed);
      if (tcp) {
        context.peers.listen(relayed);
      }
      context.resources.live(socket.lease(), true);
      answer.add(new XorRelayedAddress(relayed.announced()));
    }
    answer.add(new Lifetime(seconds));
    token.ifPresent(bytes -> answer.add(new ReservationToken(bytes)));
    answer.add(new XorMappedAddress(request.from().remote()));
    answer.addAll(faults);
    allocation.answer(answer);
    context.clients.add(allocation);
    context.counts.add(TurnCount.ALLOCATIONS);
    context.events.add(
        new TurnEvent.Allocated(
            allocation.tuple, request.session().username(), allocation.announced()));
    replies.success(request, answer);
  }
}
