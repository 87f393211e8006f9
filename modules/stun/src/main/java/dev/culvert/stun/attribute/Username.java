package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Names the credential that protects the message (RFC 8489 §14.3), as it travels: already prepared
 * by OpaqueString.
 *
 * @param name at most 763 bytes of UTF-8 are read, fewer than 509 sent
 */
public record Username(String name) implements Attribute {
  private static final int MAX_BYTES_SENT = 508;
  private static final int MAX_BYTES_READ = 763;

  /** Refuses longer names and text that UTF-8 cannot carry. */
  public Username {
    Text.requireEncodable("USERNAME", name);
    if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES_READ) {
      throw new IllegalArgumentException("USERNAME is longer than 763 bytes");
    }
  }

  @Override
  public int type() {
    return AttributeType.USERNAME;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the name has more than 508 bytes
   */
  @Override
  public Bytes value(TransactionId transactionId) {
    Bytes value = Bytes.utf8(name);
    if (value.length() > MAX_BYTES_SENT) {
      throw new IllegalArgumentException(
          "USERNAME has fewer than 509 bytes, not " + value.length());
    }
    return value;
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() > MAX_BYTES_READ
        ? Optional.empty()
        : Text.decodeUnlimited(value).map(Username::new);
  }
}
