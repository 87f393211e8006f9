package dev.culvert.cli.id;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.KeyFileException;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.PeerKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Keys in files, with faults as the command tells them. */
public final class KeyFiles {
  private KeyFiles() {}

  /**
   * The key in a file.
   *
   * @throws Fault if there is none
   */
  public static PeerKey read(Path file) {
    if (Files.isDirectory(file)) {
      throw Fault.usage(file + " is a folder", "name the file of a key");
    }
    try {
      return PeerKeyFile.read(file);
    } catch (KeyFileException e) {
      throw new Fault(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
    }
  }

  /** Writes a key to a new file, in a folder that is made if there is none. */
  static void write(PeerKey key, Path file) {
    try {
      Optional<Path> folder = Optional.ofNullable(file.toAbsolutePath().getParent());
      if (folder.isPresent()) {
        Files.createDirectories(folder.get());
      }
      PeerKeyFile.write(key, file);
    } catch (IOException e) {
      throw Fault.usage("the folder of " + file + " cannot be made", "name another with --key");
    } catch (KeyFileException e) {
      throw new Fault(ExitCode.USAGE, String.valueOf(e.getMessage()), "");
    }
  }
}
