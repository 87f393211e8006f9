package dev.culvert.stun;

import java.util.Optional;

/** What {@link StunCodec#decode} made of some bytes. */
public sealed interface DecodeResult {

  /** The packet, if there is one. */
  default Optional<StunPacket> packet() {
    return Optional.empty();
  }

  /** A STUN message that obeys RFC 8489 §5 and §14; its FINGERPRINT, if it has one, is right. */
  record Decoded(StunPacket decoded) implements DecodeResult {
    @Override
    public Optional<StunPacket> packet() {
      return Optional.of(decoded);
    }
  }

  /** Another protocol's bytes: too short, no magic cookie, or the first two bits are not zero. */
  record NotStun() implements DecodeResult {}

  /**
   * It begins as STUN does and breaks its rules; to be dropped (RFC 8489 §6.3).
   *
   * @param reason one line for people, without addresses or secrets
   */
  record Malformed(String reason) implements DecodeResult {}
}
