package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import java.util.random.RandomGenerator;

/**
 * The 96 bits that tie a response to its request (RFC 8489 §5).
 *
 * @param high the first 32 bits
 * @param low the last 64 bits
 */
public record TransactionId(int high, long low) {
  /** The number of bytes. */
  public static final int LENGTH = 12;

  /**
   * A fresh one.
   *
   * @param random for anything that meets the Internet a {@link java.security.SecureRandom}: who
   *     can guess the id can forge the response
   */
  public static TransactionId random(RandomGenerator random) {
    return new TransactionId(random.nextInt(), random.nextLong());
  }

  /**
   * The id that {@code bytes} hold.
   *
   * @throws IllegalArgumentException unless they are twelve
   */
  public static TransactionId of(Bytes bytes) {
    if (bytes.length() != LENGTH) {
      throw new IllegalArgumentException("a transaction id has 12 bytes, not " + bytes.length());
    }
    return new TransactionId(bytes.int32(0), bytes.int64(4));
  }

  /** The twelve bytes. */
  public Bytes bytes() {
    return cookieAndId().slice(4);
  }

  /** The magic cookie and the id, sixteen bytes: what addresses are XORed with (RFC 8489 §14.2). */
  public Bytes cookieAndId() {
    return Wire.buffer(16).putInt(StunCodec.MAGIC_COOKIE).putInt(high).putLong(low).toBytes();
  }

  /** Hexadecimal digits. */
  @Override
  public String toString() {
    return bytes().hex();
  }
}
