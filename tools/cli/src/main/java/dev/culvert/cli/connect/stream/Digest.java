package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what is in files. */
final class Digest {
  private static final int CHUNK = 64 * 1024;

  private Digest() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of the first bytes of a file; of all that there are if it is shorter. */
  static String of(Path file, long length) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file)) {
      feed(digest, in, length);
    }
    return hex(digest);
  }

  /** Takes bytes in; returns how many there were. */
  static long feed(MessageDigest digest, InputStream in, long length) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long left = length;
    while (left > 0) {
      int got = in.read(chunk, 0, (int) Math.min(chunk.length, left));
      if (got < 0) {
        break;
      }
      digest.update(chunk, 0, got);
      left -= got;
    }
    return length - left;
  }
}
