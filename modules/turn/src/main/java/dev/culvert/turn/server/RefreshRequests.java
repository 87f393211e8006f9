package dev.culvert.turn.server;

import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import dev.culvert.turn.FiveTuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Refresh requests (RFC 8656 §8.2). */
final class RefreshRequests {
  /** A request comes again within this time if its response got lost (RFC 8656 §5). */
  private static final long REMEMBERED_NANOS = 40_000_000_000L;

  private static final int MOST_REMEMBERED = 4096;

  private record Released(TransactionId by, long until) {}

  private final Context context;
  private final Replies replies;

  /** Who gave allocations back a moment ago, oldest first. */
  private final Map<FiveTuple, Released> released = new LinkedHashMap<>();

  private boolean forgetting;

  RefreshRequests(Context context) {
    this.context = context;
    replies = context.replies;
  }

  /**
   * Answers a request.
   *
   * @param allocation the client's; null: it has none
   */
  void handle(Request request, @Nullable Allocation allocation) {
    StunMessage message = request.message();
    FiveTuple tuple = FiveTuple.ofServer(request.from());
    Released before = released.get(tuple);
    if (before != null && before.by().equals(message.transactionId())) {
      replies.success(request, new Lifetime(0));
      return;
    }
    if (allocation == null) {
      replies.refuse(request, ErrorCode.ALLOCATION_MISMATCH);
      return;
    }
    Optional<Integer> family =
        message.first(RequestedAddressFamily.class).map(RequestedAddressFamily::family);
    List<Relayed> meant =
        allocation.relayed().stream()
            .filter(
                relayed ->
                    family.isEmpty()
                        || family.get()
                            == (relayed.isIpv4() ? AddressFamily.IPV4 : AddressFamily.IPV6))
            .toList();
    if (meant.isEmpty()) {
      replies.refuse(request, ErrorCode.PEER_ADDRESS_FAMILY_MISMATCH);
    } else if (Lifetimes.asksForEnd(message)) {
      meant.forEach(
          relayed -> allocation.end(relayed, TurnEvent.Ended.Cause.RELEASED, request.now()));
      remember(tuple, message.transactionId(), request.now());
      replies.success(request, new Lifetime(0));
    } else {
      long seconds = context.lifetimes.granted(message);
      long until = Lifetimes.after(request.now(), seconds);
      meant.forEach(relayed -> relayed.expireAt(until));
      allocation.schedule(until);
      replies.success(request, new Lifetime(seconds));
    }
  }

  private void remember(FiveTuple tuple, TransactionId by, long now) {
    released.remove(tuple);
    if (released.size() >= MOST_REMEMBERED) {
      released.remove(released.keySet().iterator().next());
    }
    released.put(tuple, new Released(by, now + REMEMBERED_NANOS));
    if (!forgetting) {
      forgetting = true;
      context.deadlines.add(now + REMEMBERED_NANOS, this::forget);
    }
  }

  private void forget(long now) {
    released.values().removeIf(entry -> entry.until() - now <= 0);
    forgetting = !released.isEmpty();
    if (forgetting) {
      context.deadlines.add(released.values().iterator().next().until(), this::forget);
    }
  }
}
