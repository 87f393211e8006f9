package dev.culvert.stun.attribute;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.TransactionId;
import java.util.Optional;

/**
 * How long a response may be cached, in seconds: drawn up in the drafts of RFC 5780 and kept for
 * the registry; this house's server is stateless.
 *
 * @param seconds 0 to 2³²-1
 */
public record CacheTimeout(long seconds) implements Attribute {

  /** Refuses what 32 bits cannot carry. */
  public CacheTimeout {
    Values.requireUint32("CACHE-TIMEOUT", seconds);
  }

  @Override
  public int type() {
    return AttributeType.CACHE_TIMEOUT;
  }

  @Override
  public Bytes value(TransactionId transactionId) {
    return Values.uint32(seconds);
  }

  static Optional<Attribute> decode(Bytes value) {
    return value.length() == 4
        ? Optional.of(new CacheTimeout(value.int32(0) & 0xffff_ffffL))
        : Optional.empty();
  }
}
