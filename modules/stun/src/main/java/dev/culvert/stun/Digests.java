package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Hashes of text. */
final class Digests {
  private Digests() {}

  static Bytes digest(String algorithm, String text) {
    try {
      return Bytes.wrap(
          MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + algorithm, e);
    }
  }
}
