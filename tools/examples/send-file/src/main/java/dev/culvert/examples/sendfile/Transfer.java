package dev.culvert.examples.sendfile;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What both sides of a transfer need. */
final class Transfer {
  private Transfer() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Where to put a file that somebody else named.
   *
   * @throws IOException if that is not the bare name of a file, or there is one already
   */
  static Path target(Path folder, String name) throws IOException {
    if (!name.matches("[^/\\\\:\\p{Cntrl}]{1,200}") || name.startsWith(".")) {
      throw new IOException("the other side sent a name that no file gets here");
    }
    Path target = folder.resolve(name);
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target + ": there is such a file already");
    }
    return target;
  }
}
