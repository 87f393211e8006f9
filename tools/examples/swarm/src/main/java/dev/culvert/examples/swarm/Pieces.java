package dev.culvert.examples.swarm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Optional;

/**
 * The pieces of a file that are here. Until all are, they stand in {@code FILE.part}; what an
 * earlier run left there is checked and kept. Nothing is taken or handed out whose digest is wrong.
 * Safe for any thread.
 */
final class Pieces implements AutoCloseable {
  private final Manifest manifest;
  private final Path file;
  private final Path part;
  private final BitSet here = new BitSet();
  private FileChannel channel;

  private Pieces(Manifest manifest, Path file, Path opened, FileChannel channel) {
    this.manifest = manifest;
    this.file = file;
    this.part = opened;
    this.channel = channel;
  }

  /** A file that is there, as a whole or in part. */
  static Pieces of(Manifest manifest, Path file) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    boolean whole = Files.exists(file);
    Pieces pieces =
        whole
            ? new Pieces(manifest, file, file, FileChannel.open(file, StandardOpenOption.READ))
            : new Pieces(manifest, file, part, open(part));
    try {
      pieces.look();
      if (whole && (!pieces.isComplete() || Files.size(file) != manifest.length())) {
        throw new SwarmException(file + " is there already, and is another file");
      }
      pieces.finish();
      return pieces;
    } catch (IOException e) {
      pieces.close();
      throw e;
    }
  }

  private static FileChannel open(Path part) throws IOException {
    return FileChannel.open(
        part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void look() throws IOException {
    for (int i = 0; i < manifest.count(); i++) {
      byte[] bytes = bytes(i);
      here.set(i, manifest.matches(i, bytes));
    }
  }

  private byte[] bytes(int piece) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(manifest.length(piece));
    long at = manifest.offset(piece);
    for (int n = 0; bytes.hasRemaining() && n >= 0; ) {
      n = channel.read(bytes, at + bytes.position());
    }
    return bytes.array();
  }

  /** What it is. */
  Manifest manifest() {
    return manifest;
  }

  /** Which are here. */
  synchronized BitSet here() {
    return (BitSet) here.clone();
  }

  synchronized boolean isComplete() {
    return here.cardinality() == manifest.count();
  }

  /** A piece; empty if it is not here, or not any more. */
  synchronized Optional<byte[]> read(int piece) throws IOException {
    if (piece < 0 || piece >= manifest.count() || !here.get(piece)) {
      return Optional.empty();
    }
    byte[] bytes = bytes(piece);
    // Somebody may have written into the file meanwhile, and others would take us for a liar.
    here.set(piece, manifest.matches(piece, bytes));
    return here.get(piece) ? Optional.of(bytes) : Optional.empty();
  }

  /**
   * Takes a piece.
   *
   * @return false: these are not its bytes
   */
  boolean write(int piece, byte[] bytes) throws IOException {
    if (!manifest.matches(piece, bytes)) {
      return false;
    }
    synchronized (this) {
      if (!here.get(piece)) {
        ByteBuffer data = ByteBuffer.wrap(bytes);
        while (data.hasRemaining()) {
          channel.write(data, manifest.offset(piece) + data.position());
        }
        here.set(piece);
        finish();
      }
    }
    return true;
  }

  /** Gives the file its name, once it is whole. */
  private synchronized void finish() throws IOException {
    if (isComplete() && !Files.exists(file)) {
      channel.truncate(manifest.length());
      channel.force(true);
      channel.close();
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      channel = FileChannel.open(file, StandardOpenOption.READ);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }
}
