package dev.culvert.stun;

import dev.culvert.sansio.Flow;

/** Judges responses before they end a transaction. */
@FunctionalInterface
public interface ResponseCheck {
  /** Takes any. */
  ResponseCheck ANY = (response, from) -> Verdict.ACCEPT;

  /** What becomes of a response. */
  enum Verdict {
    /** It ends the transaction. */
    ACCEPT,
    /** It is treated as if it had never been received. */
    DISCARD,
    /**
     * Its integrity is not proven: dropped on datagram transports, where the end is then an {@link
     * TransactionOutcome.Unproven} in place of a timeout; on streams it ends the transaction at
     * once (RFC 8489 §9.1.4, §9.2.5).
     */
    UNPROVEN
  }

  /** Judges one response with the right transaction id and method; must not throw. */
  Verdict judge(StunPacket response, Flow from);

  /** Takes what is proven by {@code key} with this algorithm in full length. */
  static ResponseCheck provenBy(IntegrityKey key, IntegrityAlgorithm algorithm) {
    return (response, from) ->
        response.integrity().filter(algorithm::equals).isPresent() && response.isProvenBy(key)
            ? Verdict.ACCEPT
            : Verdict.UNPROVEN;
  }
}
