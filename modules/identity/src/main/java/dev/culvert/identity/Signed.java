package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Bytes that a peer stands for (RFC 8032 §5.1.6), for one purpose: what was signed for another is
 * never taken for this one.
 *
 * @param signer who
 * @param payload what, to be read only after {@link #verify}
 * @param signature 64 bytes
 */
public record Signed(PeerId signer, Bytes payload, Bytes signature) {
  private static final int SIGNATURE_LENGTH = 64;
  private static final int LONGEST_PURPOSE = 64;

  /** Refuses a signature of another length. */
  public Signed {
    if (signature.length() != SIGNATURE_LENGTH) {
      throw new IllegalArgumentException("a signature has 64 bytes, not " + signature.length());
    }
  }

  /**
   * Signs.
   *
   * @param purpose what it is for, such as {@code culvert-record-1}: 1 to 64 ASCII characters
   */
  public static Signed by(PeerKey key, String purpose, Bytes payload) {
    return new Signed(key.id(), payload, key.sign(message(purpose, payload)));
  }

  /** The payload, if the signer signed it for this purpose. */
  public Optional<Bytes> verify(String purpose) {
    return PeerKey.verify(signer, message(purpose, payload), signature)
        ? Optional.of(payload)
        : Optional.empty();
  }

  /** The purpose cannot run over into the payload, as its length stands before it. */
  private static Bytes message(String purpose, Bytes payload) {
    if (purpose.isEmpty()
        || purpose.length() > LONGEST_PURPOSE
        || purpose.chars().anyMatch(letter -> letter < 0x21 || letter > 0x7e)) {
      throw new IllegalArgumentException("no purpose: " + purpose);
    }
    ByteBuffer message = ByteBuffer.allocate(1 + purpose.length() + payload.length());
    message.put((byte) purpose.length());
    message.put(Bytes.utf8(purpose).asByteBuffer());
    message.put(payload.asByteBuffer());
    return Bytes.wrap(message.array());
  }
}
