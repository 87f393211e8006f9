package dev.culvert.turn.auth;

import dev.culvert.stun.OpaqueString;
import java.nio.charset.StandardCharsets;

/**
 * The realm of a relay (RFC 8489 §9.2), short enough that a challenge does not amplify: the 401 to
 * an Allocate of 28 bytes is at most four times as long, IP and UDP headers counted.
 *
 * @param name 1 to 96 bytes of UTF-8 without quotes and backslashes; recommended to be the
 *     provider's domain name
 */
public record RelayRealm(String name) {
  /**
   * The most bytes: 4 times 56 bytes of request, less 28 bytes of IP and UDP, 20 of header, 24 of
   * ERROR-CODE, 40 of NONCE, 12 of PASSWORD-ALGORITHMS and the 4 before the realm itself.
   */
  public static final int MAX_LENGTH = 4 * 56 - 28 - 20 - 24 - 40 - 12 - 4;

  /** Refuses what cannot be a relay's; the message says why. */
  public RelayRealm {
    if (OpaqueString.enforce(name).filter(name::equals).isEmpty()) {
      throw new IllegalArgumentException(
          "a realm is text without control and invisible characters, in normal form");
    }
    if (name.indexOf('"') >= 0 || name.indexOf('\\') >= 0) {
      throw new IllegalArgumentException("a realm has no quotes and no backslashes");
    }
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a realm of more than "
              + MAX_LENGTH
              + " bytes would let forgers amplify their traffic more than four times; this has "
              + length);
    }
  }

  /** The name. */
  @Override
  public String toString() {
    return name;
  }
}
