package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * The server's challenge (RFC 8489 §14.10), without quotes. It may start with a nonce cookie that
 * says what the server can do (RFC 8489 §9.2).
 *
 * @param nonce fewer than 128 characters
 */
public record Nonce(String nonce) implements Attribute {

  /** Refuses longer text and text that UTF-8 cannot carry. */
  public Nonce {
    Text.require("NONCE", nonce);
  }

  @Override
  public int type() {
    return AttributeType.NONCE;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Bytes.utf8(nonce);
  }

  static Optional<Attribute> decode(Bytes value) {
    return Text.decode(value, 0).map(Nonce::new);
  }
}
