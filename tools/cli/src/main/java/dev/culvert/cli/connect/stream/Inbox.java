package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A folder that takes files of others. Nothing is written outside of it, no file that is there is
 * written over, and none has its name before its content was proven.
 *
 * <p>What has come so far stands in a hidden file with the end {@code .part}, whose name holds the
 * name and the beginning of the hash, so that a second attempt goes on where the first one ended.
 * Safe for several threads.
 */
public final class Inbox {
  /** How many that were begun and not ended may lie there. */
  static final int MOST_PARTS = 64;

  private static final int HASH_DIGITS = 16;

  private final Path folder;

  /** What is coming, and how long it will be. */
  private final Map<Path, Long> busy = new HashMap<>();

  private Inbox(Path folder) {
    this.folder = folder;
  }

  /**
   * A folder that is there.
   *
   * @throws IOException if it is none, or nothing can be written there
   */
  public static Inbox at(Path folder) throws IOException {
    Path real = folder.toRealPath();
    if (!Files.isDirectory(real) || !Files.isWritable(real)) {
      throw new IOException(folder + " is no folder that can be written to");
    }
    return new Inbox(real);
  }

  /**
   * Takes a file, and answers on the stream whatever comes of it.
   *
   * @return where it is now
   * @throws StreamFault if it was not wanted, or is not what was said
   * @throws IOException if the stream or the disk fails; what came stays for the next attempt
   */
  public Path take(Purpose.File offer, TwoWay stream) throws IOException {
    try {
      return taken(offer, stream);
    } catch (StreamFault e) {
      Purpose.refuse(stream.output(), String.valueOf(e.getMessage()));
      stream.output().close();
      throw e;
    }
  }

  private Path taken(Purpose.File offer, TwoWay stream) throws IOException {
    String name =
        FileName.safe(offer.name())
            .orElseThrow(() -> StreamFault.malformed("that is no name of a file"));
    Path file = inside(name);
    Path part =
        folder.resolve("." + name + "." + offer.sha256().substring(0, HASH_DIGITS) + ".part");
    if (isThere(file)) {
      return already(offer, file, stream);
    }
    enter(part, offer.size());
    try {
      try (PartFile its = PartFile.open(part, offer)) {
        its.receive(stream);
        place(part, file);
      }
    } finally {
      leave(part);
    }
    Purpose.agree(stream.output(), Message.empty());
    stream.output().close();
    return file;
  }

  /** Where this system's own letters do not include all of the name's, there is no such file. */
  private Path inside(String name) throws StreamFault {
    try {
      return folder.resolve(name);
    } catch (InvalidPathException e) {
      throw StreamFault.malformed("no file can have that name here; send it by another one");
    }
  }

  private static boolean isThere(Path file) {
    return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
  }

  /** The same content needs not come again, and another must not replace it. */
  private static Path already(Purpose.File offer, Path file, TwoWay stream) throws IOException {
    boolean same =
        Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && Files.size(file) == offer.size()
            && Digest.of(file, offer.size()).equals(offer.sha256());
    if (!same) {
      throw StreamFault.malformed("there is another file of that name; send it by another one");
    }
    Purpose.agree(stream.output(), Message.empty().with("have", offer.size()).with("done", true));
    stream.output().close();
    return file;
  }

  private void enter(Path part, long size) throws IOException {
    synchronized (busy) {
      if (busy.containsKey(part)) {
        throw StreamFault.malformed("that very file is coming already; wait until that has ended");
      }
      if (!isThere(part)) {
        refuseWithTooManyBegun();
      }
      refuseWithoutRoom(part, size);
      busy.put(part, size);
    }
  }

  private void leave(Path part) {
    synchronized (busy) {
      busy.remove(part);
    }
  }

  private void refuseWithTooManyBegun() throws IOException {
    int parts = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, ".*.part")) {
      for (Path each : all) {
        parts += Files.isRegularFile(each, LinkOption.NOFOLLOW_LINKS) ? 1 : 0;
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    if (parts >= MOST_PARTS) {
      throw StreamFault.malformed("too many files were begun and not ended");
    }
  }

  /** What others were promised and have not sent yet is not free, though the disk says so. */
  private void refuseWithoutRoom(Path part, long size) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    for (Map.Entry<Path, Long> each : busy.entrySet()) {
      free -= missing(each.getKey(), each.getValue());
    }
    if (free < missing(part, size)) {
      throw StreamFault.malformed("there is no room for " + size + " bytes");
    }
  }

  private static long missing(Path part, long size) {
    // No fault where it is gone, since it has become the whole file: then it counts in full once
    // more.
    long there = part.toFile().length();
    return Math.max(0, size - there);
  }

  /** A link fails where something is, which renaming does not on every system. */
  private static void place(Path part, Path file) throws IOException {
    try {
      if (isLinked(part, file)) {
        Files.deleteIfExists(part);
      } else {
        Files.move(part, file);
      }
    } catch (FileAlreadyExistsException e) {
      throw StreamFault.malformed("there is another file of that name by now");
    }
    PartFile.sync(Optional.ofNullable(file.getParent()));
  }

  /** False on file systems that have no links, such as FAT. */
  private static boolean isLinked(Path part, Path file) throws FileAlreadyExistsException {
    try {
      Files.createLink(file, part);
      return true;
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
