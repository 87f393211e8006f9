package dev.culvert.cli.node;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Reads files that options name. */
final class OptionFile {
  private OptionFile() {}

  /**
   * The text of a file.
   *
   * @param option which names it, for the fault
   * @param kind what it should be, for the fault
   */
  static String text(String option, Path file, String kind) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw Fault.usage(option + " " + file + ": there is no such file", "check its name");
    } catch (AccessDeniedException e) {
      throw new Fault(
          ExitCode.NOT_AUTHORISED,
          option + " " + file + ": reading it is not permitted",
          "let the user that runs the node read it");
    } catch (IOException e) {
      throw Fault.usage(option + " " + file + " cannot be read as text", "give " + kind);
    }
  }

  /** Whether everybody on the machine may read it, as far as the system tells. */
  static boolean isReadableByAll(Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
