package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * How a key is made of a long-term password (RFC 8489 §14.12).
 *
 * @param algorithm {@link #MD5}, {@link #SHA_256}, or another 16-bit number
 * @param parameters empty for the registered algorithms
 */
public record PasswordAlgorithm(int algorithm, Bytes parameters) implements Attribute {
  /** MD5 of {@code username:realm:password}, for compatibility only (RFC 8489 §18.5.1.1). */
  public static final int MD5 = 1;

  /** SHA-256 of {@code username:realm:password} (RFC 8489 §18.5.1.2). */
  public static final int SHA_256 = 2;

  /** Refuses what the fields cannot carry. */
  public PasswordAlgorithm {
    Values.requireUint16("PASSWORD-ALGORITHM", algorithm);
    Values.requireUint16("the parameters' length", parameters.length());
  }

  /** An algorithm without parameters. */
  public static PasswordAlgorithm of(int algorithm) {
    return new PasswordAlgorithm(algorithm, Bytes.empty());
  }

  @Override
  public int type() {
    return AttributeType.PASSWORD_ALGORITHM;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return encode();
  }

  Bytes encode() {
    return Values.uint16(algorithm)
        .concat(Values.uint16(parameters.length()))
        .concat(parameters)
        .concat(Bytes.wrap(new byte[Values.padding(parameters.length())]));
  }

  /** The entry at the start of {@code value}; empty if it is cut short. */
  static Optional<PasswordAlgorithm> first(Bytes value) {
    if (value.length() < 4 || value.length() < 4 + value.uint16(2)) {
      return Optional.empty();
    }
    return Optional.of(new PasswordAlgorithm(value.uint16(0), value.slice(4, 4 + value.uint16(2))));
  }

  /** The bytes that the entry takes, padding included. */
  int encodedLength() {
    return 4 + parameters.length() + Values.padding(parameters.length());
  }

  static Optional<Attribute> decode(Bytes value) {
    return first(value)
        .filter(entry -> value.length() <= entry.encodedLength())
        .map(Attribute.class::cast);
  }
}
