package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.EvenPort;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.turn.FiveTuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Allocate requests (RFC 8656 §7.2, RFC 6062 §5.1). */
final class AllocateRequests {
  private final Context context;
  private final Replies replies;
  private final Map<Long, AllocateAttempt> bySocket = new HashMap<>();
  private final Map<FiveTuple, AllocateAttempt> byClient = new HashMap<>();
  private int alternate;

  AllocateRequests(Context context) {
    this.context = context;
    replies = context.replies;
  }

  void handle(Request request) {
    Allocation standing = context.clients.find(request.from());
    if (standing != null) {
      if (standing.isFrom(request.message().transactionId())) {
        replies.success(request, standing.answer());
      } else {
        replies.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      }
      return;
    }
    AllocateAttempt attempt = byClient.get(FiveTuple.ofServer(request.from()));
    if (attempt != null) {
      // The same request again is answered once its sockets are open.
      if (!attempt.isFrom(request.message().transactionId())) {
        replies.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      }
      return;
    }
    Optional<Integer> fault = fault(request);
    if (fault.isPresent()) {
      replies.refuse(request, fault.get());
    } else if (request.message().has(DontFragment.class) && !context.config.dontFragment()) {
      replies.refuse(
          request,
          ErrorCode.UNKNOWN_ATTRIBUTE,
          new UnknownAttributes(List.of(AttributeType.DONT_FRAGMENT)));
    } else if (context.draining || context.resources.quotas().isFull()) {
      sendElsewhere(request);
    } else {
      begin(request);
    }
  }

  /** Why the request cannot be carried out by anybody: §7.2, steps 3 to 8. */
  private Optional<Integer> fault(Request request) {
    StunMessage message = request.message();
    Optional<Integer> protocol =
        message.first(RequestedTransport.class).map(RequestedTransport::protocol);
    if (protocol.isEmpty()) {
      return Optional.of(ErrorCode.BAD_REQUEST);
    }
    boolean tcp = protocol.get() == RequestedTransport.TCP && context.config.tcpAllocations();
    if (!tcp && protocol.get() != RequestedTransport.UDP) {
      return Optional.of(ErrorCode.UNSUPPORTED_TRANSPORT_PROTOCOL);
    }
    boolean even = message.has(EvenPort.class);
    boolean reserved = message.has(ReservationToken.class);
    boolean additional = message.has(AdditionalAddressFamily.class);
    boolean requested = message.has(RequestedAddressFamily.class);
    boolean badTcp =
        tcp
            && (!request.from().transport().isStream()
                || even
                || reserved
                || message.has(DontFragment.class));
    boolean pair = message.first(EvenPort.class).filter(EvenPort::reserveNext).isPresent();
    boolean badReserved = reserved && (even || requested || additional);
    boolean badAdditional =
        additional
            && (requested
                || pair
                || message
                    .first(AdditionalAddressFamily.class)
                    .filter(attribute -> attribute.family() == AddressFamily.IPV6)
                    .isEmpty());
    if (badTcp || badReserved || badAdditional) {
      return Optional.of(ErrorCode.BAD_REQUEST);
    }
    int family =
        message
            .first(RequestedAddressFamily.class)
            .map(RequestedAddressFamily::family)
            .orElse(AddressFamily.IPV4);
    boolean known = family == AddressFamily.IPV4 || family == AddressFamily.IPV6;
    boolean relayed =
        context.resources.relays(family == AddressFamily.IPV4)
            || (additional && context.resources.relays(false));
    return known && (relayed || reserved)
        ? Optional.empty()
        : Optional.of(ErrorCode.ADDRESS_FAMILY_NOT_SUPPORTED);
  }

  private void sendElsewhere(Request request) {
    List<TransportAddress> fitting =
        context.config.alternates().stream()
            .filter(other -> other.isIpv4() == request.from().remote().isIpv4())
            .toList();
    if (fitting.isEmpty()) {
      replies.refuse(request, ErrorCode.INSUFFICIENT_CAPACITY);
    } else {
      TransportAddress next = fitting.get(alternate++ % fitting.size());
      replies.refuse(request, ErrorCode.TRY_ALTERNATE, new AlternateServer(next));
    }
  }

  private void begin(Request request) {
    long now = request.now();
    String owner = context.credentials.owner(request.session().username());
    Optional<Quotas.Grant> grant =
        context.resources.quotas().take(owner, request.from().remote().ip(), now);
    if (grant.isEmpty()) {
      replies.refuse(request, ErrorCode.ALLOCATION_QUOTA_REACHED);
      return;
    }
    Optional<Bytes> token =
        request.message().first(ReservationToken.class).map(ReservationToken::token);
    Optional<RelayResources.Lease> reserved =
        token.flatMap(bytes -> context.resources.redeem(bytes, owner, now));
    if (token.isPresent() && reserved.isEmpty()) {
      grant.get().giveBack();
      replies.refuse(request, ErrorCode.INSUFFICIENT_CAPACITY);
      return;
    }
    AllocateAttempt attempt =
        new AllocateAttempt(context, request, owner, grant.get(), this::ended);
    byClient.put(FiveTuple.ofServer(request.from()), attempt);
    attempt.begin(reserved, id -> bySocket.put(id, attempt));
  }

  private void ended(AllocateAttempt attempt) {
    byClient.values().remove(attempt);
  }

  /** A socket is open. */
  void bound(Input.Bound input, long now) {
    AllocateAttempt attempt = bySocket.remove(input.id());
    if (attempt != null) {
      attempt.bound(now);
    }
  }

  /** A socket could not be opened. */
  void failed(Input.BindFailed input, long now) {
    AllocateAttempt attempt = bySocket.remove(input.id());
    if (attempt != null) {
      attempt.failed(now);
    }
  }
}
