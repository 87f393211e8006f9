package dev.culvert.cli.ice;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.ice.text.IceDescription;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Descriptions in files that two programs pass to each other. */
public final class DescriptionFile {
  private static final int LONGEST = 512 << 10;
  private static final Duration LOOK = Duration.ofMillis(50);

  /** Whoever writes a file in pieces pauses no longer than this. */
  private static final Duration UNFINISHED = Duration.ofSeconds(1);

  private DescriptionFile() {}

  /**
   * Writes it so that whoever looks sees all of it or nothing.
   *
   * @throws Fault if that cannot be done
   */
  public static void write(Path file, String text) {
    try {
      Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
      Path draft = Files.createTempFile(folder, ".culvert-ice", ".tmp");
      try {
        Files.writeString(draft, text + "\n");
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw Fault.usage(
          "--out " + file + " cannot be written", "name a file in a folder that is yours");
    }
  }

  /**
   * Waits for a file and reads it.
   *
   * @param until when it is of no use any more
   * @return empty if that came first
   * @throws Fault if it holds no description, or does not come
   */
  static Optional<IceDescription> await(Path file, long deadlineNanos, CompletableFuture<?> until) {
    return await(file, deadlineNanos, until, Paste::read);
  }

  /** Makes something of a whole file. */
  public interface Reader<T> {
    /**
     * Reads it.
     *
     * @throws DamagedException if it cannot be read, or is not complete yet
     */
    T read(String text) throws DamagedException;
  }

  /**
   * Waits for a file and reads what is in it.
   *
   * @param deadlineNanos by {@link System#nanoTime} when it is given up
   * @param until when it is of no use any more
   * @return empty if that came first
   * @throws Fault if it holds something else, or does not come
   */
  public static <T> Optional<T> await(
      Path file, long deadlineNanos, CompletableFuture<?> until, Reader<T> reader) {
    Optional<String> before = Optional.empty();
    long sameSince = System.nanoTime();
    while (!until.isDone()) {
      Optional<String> text = read(file);
      if (!text.equals(before)) {
        before = text;
        sameSince = System.nanoTime();
      }
      if (text.isPresent()) {
        try {
          return Optional.of(reader.read(text.get()));
        } catch (DamagedException e) {
          if (System.nanoTime() - sameSince > UNFINISHED.toNanos()) {
            throw Fault.usage(file + ": " + e.getMessage(), "");
          }
        }
      }
      if (System.nanoTime() - deadlineNanos > 0) {
        throw new Fault(
            ExitCode.TIMEOUT, "nobody wrote " + file + " in time", "--wait gives more time");
      }
      pause();
    }
    return Optional.empty();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Empty as long as there is nothing in it. */
  private static Optional<String> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw Fault.usage("--in " + file + " is too long to be a description", "name another");
      }
      return Optional.of(new String(bytes, StandardCharsets.UTF_8)).filter(its -> !its.isBlank());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Fault.usage("--in " + file + " cannot be read", "check its name and who may read it");
    }
  }
}
