package dev.culvert.cli.connect.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Sends a file to an {@link Inbox}, from where an earlier attempt ended. */
public final class FileSending {
  private static final int CHUNK = 64 * 1024;

  private final Path file;
  private final Progress progress;

  /** Is told how far it is, on the thread that sends. */
  @FunctionalInterface
  public interface Progress {
    /** So many bytes of all are over there, or were read to be summed up. */
    void at(Stage stage, long bytes, long all);
  }

  /** What is being done. */
  public enum Stage {
    /** The file is read, since its hash is told first. */
    SUMMING,
    /** It is on its way. */
    SENDING
  }

  /**
   * What came of it.
   *
   * @param name as it was told
   * @param size in bytes
   * @param sha256 of the content, which the other side has proven
   * @param resumedFrom how many bytes were over there before
   */
  public record Sent(String name, long size, String sha256, long resumedFrom) {}

  /** A file that is to be sent. */
  public FileSending(Path file, Progress progress) {
    this.file = file;
    this.progress = progress;
  }

  /**
   * Sends it, and waits until the other side has proven and kept it.
   *
   * @throws StreamFault if the other side does not want it
   * @throws IOException if the file cannot be read, or the stream was cut off
   */
  public Sent over(StreamSource streams) throws IOException {
    Purpose.File offer = offer();
    try (TwoWay stream = streams.open()) {
      Message answer = offer.ask(stream);
      long have = answer.number("have").orElse(0L);
      if (answer.is("done")) {
        stream.output().close();
        return new Sent(offer.name(), offer.size(), offer.sha256(), offer.size());
      }
      boolean same =
          have > 0
              && have <= offer.size()
              && answer.text("sha256").filter(Digest.of(file, have)::equals).isPresent();
      long from = same ? have : 0;
      Message.empty().with("from", from).write(stream.output());
      rest(stream, from, offer.size());
      Purpose.answer(stream.input());
      return new Sent(offer.name(), offer.size(), offer.sha256(), from);
    }
  }

  private Purpose.File offer() throws IOException {
    long size = Files.size(file);
    MessageDigest digest = Digest.sha256();
    try (InputStream in = Files.newInputStream(file)) {
      for (long done = 0; done < size; ) {
        long step = Digest.feed(digest, in, Math.min(size - done, 16L * CHUNK));
        if (step == 0) {
          throw new EOFException(file + " became shorter while it was read");
        }
        done += step;
        progress.at(Stage.SUMMING, done, size);
      }
    }
    return new Purpose.File(String.valueOf(file.getFileName()), size, Digest.hex(digest));
  }

  private void rest(TwoWay stream, long from, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      channel.position(from);
      InputStream in = Channels.newInputStream(channel);
      byte[] chunk = new byte[CHUNK];
      for (long done = from; done < size; ) {
        int got = in.read(chunk, 0, (int) Math.min(chunk.length, size - done));
        if (got < 0) {
          throw new EOFException(file + " became shorter while it was sent");
        }
        write(stream, chunk, got);
        done += got;
        progress.at(Stage.SENDING, done, size);
      }
      stream.output().close();
    }
  }

  /** A refusal that came meanwhile is worth more than the broken stream that follows it. */
  private static void write(TwoWay stream, byte[] chunk, int length) throws IOException {
    try {
      stream.output().write(chunk, 0, length);
    } catch (IOException e) {
      try {
        Purpose.answer(stream.input());
      } catch (StreamFault reason) {
        throw reason;
      } catch (IOException nothing) {
        e.addSuppressed(nothing);
      }
      throw e;
    }
  }
}
