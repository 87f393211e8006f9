package dev.culvert.cli.connect.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A file that has not come whole yet. Nobody else writes to it while it is open. */
final class PartFile implements AutoCloseable {
  /** What a loss of power may cost. */
  private static final long SYNC_EVERY = 16L * 1024 * 1024;

  private static final int CHUNK = 64 * 1024;

  private final Path path;
  private final Purpose.File offer;
  private final FileChannel channel;

  private PartFile(Path path, Purpose.File offer, FileChannel channel) {
    this.path = path;
    this.offer = offer;
    this.channel = channel;
  }

  static PartFile open(Path path, Purpose.File offer) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
      throw StreamFault.malformed("something else stands where it would be kept");
    }
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock != null) {
        return new PartFile(path, offer, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Somebody of this very process, which is the same as somebody else.
    }
    channel.close();
    throw StreamFault.malformed("that very file is coming already; wait until that has ended");
  }

  /** Tells what is here, and takes the rest until the content is proven. */
  void receive(TwoWay stream) throws IOException {
    MessageDigest digest = Digest.sha256();
    long have = held(digest);
    Purpose.agree(
        stream.output(),
        Message.empty().with("have", have).with("sha256", Digest.hex(copy(digest))));
    long from = Message.read(stream.input()).number("from").orElse(-1L);
    if (from == 0 && have > 0) {
      digest = Digest.sha256();
      have = 0;
    } else if (from != have) {
      throw StreamFault.malformed("it goes on from " + from + ", and there are " + have);
    }
    channel.truncate(have);
    channel.position(have);
    rest(stream.input(), offer.size() - have, digest);
    channel.force(true);
    if (!Digest.hex(digest).equals(offer.sha256())) {
      Files.deleteIfExists(path);
      throw StreamFault.malformed(
          "the content is not what was said; it may have changed meanwhile");
    }
  }

  /** More than the file will have is worth nothing. */
  private long held(MessageDigest digest) throws IOException {
    if (channel.size() > offer.size()) {
      channel.truncate(0);
    }
    channel.position(0);
    // The stream is not closed, since that would close the channel.
    return Digest.feed(digest, Channels.newInputStream(channel), channel.size());
  }

  private static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java's SHA-256 cannot be copied", e);
    }
  }

  private void rest(InputStream in, long length, MessageDigest digest) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long left = length;
    long unsynced = 0;
    while (left > 0) {
      int got = in.read(chunk, 0, (int) Math.min(chunk.length, left));
      if (got < 0) {
        throw new EOFException("it ended " + left + " bytes too early");
      }
      digest.update(chunk, 0, got);
      ByteBuffer view = ByteBuffer.wrap(chunk, 0, got);
      while (view.hasRemaining()) {
        channel.write(view);
      }
      left -= got;
      unsynced += got;
      if (unsynced >= SYNC_EVERY) {
        channel.force(false);
        unsynced = 0;
      }
    }
    if (in.read() >= 0) {
      throw StreamFault.malformed("more bytes came than were said");
    }
  }

  /** Writes down what stands in a folder, where the system lets anybody ask for that. */
  static void sync(Optional<Path> folder) {
    if (folder.isPresent()) {
      try (FileChannel its = FileChannel.open(folder.get(), StandardOpenOption.READ)) {
        its.force(true);
      } catch (IOException e) {
        // Windows opens no folders; its file systems keep a journal of them.
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
