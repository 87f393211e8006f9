package dev.culvert.examples.swarm;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a file consists of. Its own digest is the name of the swarm, so whoever knows the name can
 * tell the right manifest from any other, and with it each right piece.
 *
 * @param length bytes of the file
 * @param pieceLength bytes of each piece but the last, 1,024 to 4,194,304
 * @param digests SHA-256 of each piece, at most 65,536 of them
 */
record Manifest(long length, int pieceLength, List<Bytes> digests) {
  static final int DIGEST = 32;
  private static final int VERSION = 1;
  private static final int HEADER = 16;
  private static final int SMALLEST = 1 << 10;
  private static final int USUAL = 1 << 17;
  private static final int LARGEST = 1 << 22;
  private static final int MOST = 1 << 16;

  /** The most bytes of {@link #encode}. */
  static final int LONGEST = HEADER + MOST * DIGEST;

  /** Copies the list; refuses what does not fit together. */
  Manifest {
    digests = List.copyOf(digests);
    boolean sane = pieceLength >= SMALLEST && pieceLength <= LARGEST && length >= 0;
    if (!sane || digests.size() > MOST || digests.size() != count(length, pieceLength)) {
      throw new IllegalArgumentException(
          "no file has " + length + " bytes in " + digests.size() + " pieces of " + pieceLength);
    }
    if (digests.stream().anyMatch(each -> each.length() != DIGEST)) {
      throw new IllegalArgumentException("a SHA-256 has " + DIGEST + " bytes");
    }
  }

  private static long count(long length, int pieceLength) {
    return length / pieceLength + (length % pieceLength == 0 ? 0 : 1);
  }

  /** Reads a file through, in pieces of 128 KiB, or larger ones if it is so long. */
  static Manifest of(Path file) throws IOException {
    int pieceLength = USUAL;
    while (pieceLength < LARGEST && count(Files.size(file), pieceLength) > MOST) {
      pieceLength *= 2;
    }
    return of(file, pieceLength);
  }

  /** The same in pieces of that length. */
  static Manifest of(Path file, int pieceLength) throws IOException {
    List<Bytes> digests = new ArrayList<>();
    long length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (byte[] piece = in.readNBytes(pieceLength);
          piece.length > 0;
          piece = in.readNBytes(pieceLength)) {
        length += piece.length;
        digests.add(sha256(piece));
        if (digests.size() > MOST) {
          throw new SwarmException(file + " is too long for a swarm");
        }
      }
    }
    return new Manifest(length, pieceLength, digests);
  }

  /** The form in which peers hand it to each other. */
  Bytes encode() {
    ByteBuffer text = ByteBuffer.allocate(HEADER + digests.size() * DIGEST);
    text.putInt(VERSION).putInt(pieceLength).putLong(length);
    digests.forEach(each -> text.put(each.asByteBuffer()));
    return Bytes.wrap(text.array());
  }

  /**
   * Reads what a stranger gave.
   *
   * @param name the digest that it must have
   */
  static Manifest decode(byte[] text, Bytes name) throws SwarmException {
    if (!sha256(text).equals(name)) {
      throw new SwarmException("a manifest of another file");
    }
    ByteBuffer in = ByteBuffer.wrap(text);
    if (text.length < HEADER || (text.length - HEADER) % DIGEST != 0 || in.getInt() != VERSION) {
      throw new SwarmException("a manifest that this program does not understand");
    }
    int pieceLength = in.getInt();
    long length = in.getLong();
    List<Bytes> digests = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] digest = new byte[DIGEST];
      in.get(digest);
      digests.add(Bytes.wrap(digest));
    }
    try {
      return new Manifest(length, pieceLength, digests);
    } catch (IllegalArgumentException e) {
      throw new SwarmException("a manifest that makes no sense");
    }
  }

  /** The name of the swarm. */
  Bytes name() {
    return sha256(encode().toByteArray());
  }

  /** How many pieces there are. */
  int count() {
    return digests.size();
  }

  /** Where a piece begins in the file. */
  long offset(int piece) {
    return (long) piece * pieceLength;
  }

  /** How long a piece is. */
  int length(int piece) {
    return (int) Math.min(pieceLength, length - offset(piece));
  }

  /** Whether these are the bytes of that piece. */
  boolean matches(int piece, byte[] bytes) {
    return sha256(bytes).equals(digests.get(piece));
  }

  private static Bytes sha256(byte[] data) {
    try {
      return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
