package dev.culvert.cli.node.rendezvous;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.identity.KeyFileException;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.PeerKeyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that a node is known by.
 *
 * @param key it
 * @param file where it is, or will be
 * @param isFresh whether it is still to be written there
 */
record NodeIdentity(PeerKey key, Path file, boolean isFresh) {
  private static final String FILE = "node.key";

  /** What is in the file, or else a new key, which is in no file so far. */
  static NodeIdentity of(@Nullable Path option, Console console) {
    Path file = option == null ? usual(console).resolve(FILE) : option;
    if (Files.notExists(file)) {
      return new NodeIdentity(PeerKey.generate(new SecureRandom()), file, true);
    }
    try {
      return new NodeIdentity(PeerKeyFile.read(file), file, false);
    } catch (KeyFileException e) {
      throw new Fault(ExitCode.USAGE, "--identity " + e.getMessage(), "");
    }
  }

  /**
   * Writes a fresh key, in a folder that is made if there is none.
   *
   * @throws Fault if it cannot be written
   */
  void keep(Console console) {
    if (!isFresh) {
      return;
    }
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      PeerKeyFile.write(key, file);
    } catch (IOException e) {
      throw Fault.usage(
          "the folder of " + file + " cannot be made", "name another with --identity");
    } catch (KeyFileException e) {
      throw new Fault(ExitCode.USAGE, "--identity " + e.getMessage(), "");
    }
    console.say("made the key that this node is known by: " + file + "; keep a copy");
  }

  private static Path usual(Console console) {
    // A service manager may name several; the first is the node's own.
    Optional<Path> managed =
        console.environment("STATE_DIRECTORY").map(text -> path(text.split(":", 2)[0]));
    return managed
        .or(
            () ->
                console
                    .environment("XDG_STATE_HOME")
                    .filter(text -> text.startsWith("/"))
                    .map(text -> path(text).resolve("culvert")))
        .or(
            () ->
                console
                    .environment("HOME")
                    .or(() -> console.environment("USERPROFILE"))
                    .filter(text -> !text.isBlank())
                    .map(text -> path(text).resolve(".local").resolve("state").resolve("culvert")))
        .orElseThrow(
            () -> Fault.usage("nobody says where the node's key is", "give --identity FILE"));
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw Fault.usage("the folder for the node's key is no path", "give --identity FILE");
    }
  }
}
