package dev.culvert.cli.node.manage;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The file through which a node hands its token to those who may manage it. */
final class TokenFile {
  private static final int BYTES = 32;

  private TokenFile() {}

  /** A token that nobody can guess. */
  static String newToken() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Puts a token there in one step, readable by this user alone.
   *
   * @throws Fault if it cannot be written
   */
  static void write(Path file, String token) {
    Path folder = file.toAbsolutePath().getParent();
    Path draft = null;
    try {
      FileAttribute<?>[] own =
          FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0];
      draft = Files.createTempFile(folder, ".token", "", own);
      Files.writeString(draft, token + "\n");
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      remove(draft);
      throw Fault.usage(
          "--management-token-file " + file + " cannot be written (" + reason(e) + ")",
          "name a file in a folder that the node's user may write to");
    }
  }

  /** Takes a token away again, unless another node has put its own there. */
  static void remove(Path file, String token) {
    try {
      if (Files.readString(file).strip().equals(token)) {
        remove(file);
      }
    } catch (IOException e) {
      LoggerFactory.getLogger(TokenFile.class).debug("cannot read {}", file, e);
    }
  }

  private static void remove(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LoggerFactory.getLogger(TokenFile.class).debug("cannot delete {}", file, e);
      }
    }
  }

  /**
   * The token in a file.
   *
   * @throws Fault if there is none
   */
  static String read(Path file) {
    String token;
    try {
      token = Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (NoSuchFileException e) {
      throw Fault.usage(
          "no token file " + file,
          "start the node with --management-token-file, and name that file with --token-file");
    } catch (AccessDeniedException e) {
      throw new Fault(
          ExitCode.NOT_AUTHORISED,
          "the token file " + file + " cannot be read",
          "run this as the node's user, or as root");
    } catch (IOException e) {
      throw Fault.usage(
          "the token file " + file + " cannot be read (" + reason(e) + ")", "name another file");
    }
    if (!token.matches("[A-Za-z0-9_-]{20,200}")) {
      throw Fault.usage(
          file + " holds no token", "name the node's --management-token-file with --token-file");
    }
    return token;
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such folder";
    }
    return e instanceof AccessDeniedException ? "not permitted" : e.getClass().getSimpleName();
  }
}
