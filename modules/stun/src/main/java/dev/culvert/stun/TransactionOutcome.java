package dev.culvert.stun;

import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import java.time.Duration;
import java.util.Optional;

/** How a transaction ended. */
public sealed interface TransactionOutcome {

  /** The request concerned. */
  ClientRequest request();

  /** How often it was sent, at least once. */
  int sends();

  /**
   * A response came, success or error.
   *
   * @param request the request concerned
   * @param response what came; holds no unknown comprehension-required attribute, and an error code
   *     if it is an error
   * @param from where it came from, which need not be where the request went: the caller judges
   * @param elapsed time since the first sending
   * @param sends how often the request was sent
   */
  record Responded(
      ClientRequest request, StunPacket response, Flow from, Duration elapsed, int sends)
      implements TransactionOutcome {

    /**
     * The round trip; empty if the request was sent more than once, since nobody knows which
     * sending was answered (Karn's algorithm, RFC 8489 §6.2.1).
     */
    public Optional<Duration> roundTrip() {
      return sends == 1 ? Optional.of(elapsed) : Optional.empty();
    }

    /** Whether it came from the address and over the transport that the request went to. */
    public boolean isFromWhereAsked() {
      return from.remote().equals(request.flow().remote())
          && from.transport() == request.flow().transport();
    }
  }

  /**
   * A response came that cannot be used (RFC 8489 §6.3.3, §6.3.4): it holds an unknown
   * comprehension-required attribute, or is an error without ERROR-CODE.
   *
   * @param request the request concerned
   * @param response what came
   * @param from where it came from
   * @param sends how often the request was sent
   */
  record Unusable(ClientRequest request, StunPacket response, Flow from, int sends)
      implements TransactionOutcome {}

  /**
   * Only responses came whose integrity is not proven (RFC 8489 §9.1.4, §9.2.5).
   *
   * @param request the request concerned
   * @param sends how often it was sent
   */
  record Unproven(ClientRequest request, int sends) implements TransactionOutcome {}

  /**
   * Nothing came in time.
   *
   * @param request the request concerned
   * @param hint the last thing that the network said meanwhile, if it said anything
   * @param sends how often the request was sent
   */
  record TimedOut(ClientRequest request, Optional<CloseCause> hint, int sends)
      implements TransactionOutcome {}

  /**
   * The network or the other host said no: a hard ICMP error, or the connection ended.
   *
   * @param request the request concerned
   * @param cause what was said
   * @param sends how often the request was sent
   */
  record Refused(ClientRequest request, CloseCause cause, int sends)
      implements TransactionOutcome {}
}
