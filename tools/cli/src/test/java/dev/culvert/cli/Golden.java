package dev.culvert.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Texts that were read and found right. {@code -Dtest.argLine=-Dgolden.write=true} writes them
 * anew; read the difference before you commit it.
 */
public final class Golden {
  private static final Path HOME = Path.of("src/test/resources/dev/culvert/cli");

  private Golden() {}

  /** Fails unless {@code actual} is the kept text of this name. */
  public static void check(String name, String actual) {
    Path file = HOME.resolve(name);
    String text = actual.replace("\r\n", "\n");
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(HOME);
        Files.writeString(file, text);
        fail(file + " was written; read it");
      }
      assertEquals(Files.readString(file), text, name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
