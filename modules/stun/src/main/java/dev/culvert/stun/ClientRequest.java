package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.stun.attribute.Attribute;

/**
 * A request to be carried through {@link ClientTransactions}.
 *
 * @param flow where it is sent
 * @param message what it says, without its protection
 * @param wire the bytes that are sent, each time the same
 * @param policy when it is sent again
 * @param check which responses count
 * @param ttl hop limit, as in {@link Output.Send}
 * @param dontFragment as in {@link Output.Send}
 */
public record ClientRequest(
    Flow flow,
    StunMessage message,
    Bytes wire,
    RetransmissionPolicy policy,
    ResponseCheck check,
    int ttl,
    boolean dontFragment) {

  /** Refuses anything but a request. */
  public ClientRequest {
    if (message.messageClass() != MessageClass.REQUEST) {
      throw new IllegalArgumentException("only requests are answered, not " + message);
    }
  }

  /** A request without protection, sent as RFC 8489 §6.2 wants it on this transport. */
  public static ClientRequest of(Flow flow, StunMessage message) {
    return of(flow, message, Protection.none());
  }

  /** A protected request, sent as RFC 8489 §6.2 wants it on this transport. */
  public static ClientRequest of(Flow flow, StunMessage message, Protection protection) {
    return new ClientRequest(
        flow,
        message,
        StunCodec.encode(message, protection),
        flow.transport().isStream() ? RetransmissionPolicy.STREAM : RetransmissionPolicy.DATAGRAM,
        ResponseCheck.ANY,
        Output.SYSTEM_TTL,
        false);
  }

  /** A Binding request without protection. */
  public static ClientRequest binding(Flow flow, TransactionId id, Attribute... attributes) {
    return of(flow, StunMessage.request(Method.BINDING, id, attributes));
  }

  /** The same with another schedule. */
  public ClientRequest withPolicy(RetransmissionPolicy newPolicy) {
    return new ClientRequest(flow, message, wire, newPolicy, check, ttl, dontFragment);
  }

  /** The same with another judge of its responses. */
  public ClientRequest withCheck(ResponseCheck newCheck) {
    return new ClientRequest(flow, message, wire, policy, newCheck, ttl, dontFragment);
  }

  /** The same with a hop limit, 1 to 255; UDP only. */
  public ClientRequest withTtl(int newTtl) {
    return new ClientRequest(flow, message, wire, policy, check, newTtl, dontFragment);
  }

  /** The same, or not, with the demand that routers drop rather than fragment it; UDP only. */
  public ClientRequest withDontFragment(boolean newDontFragment) {
    return new ClientRequest(flow, message, wire, policy, check, ttl, newDontFragment);
  }

  /** The id that its responses carry. */
  public TransactionId id() {
    return message.transactionId();
  }
}
