package dev.culvert.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Other JVMs with the class path of this one, copied to where every user may read it: the
 * repository of the one who builds usually is not.
 */
final class ChildJvm {
  /** An uid that no machine gives to anybody. */
  private static final String STRANGER = "64242";

  private static final Path COPY = copyClassPath();

  private ChildJvm() {}

  /** The words that run a main class of the tests. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** The same for somebody without any privilege; as they are if we have none ourselves. */
  static List<String> ordinary(List<String> words) throws IOException {
    if (!root()) {
      return words;
    }
    List<String> dropped =
        new ArrayList<>(
            List.of(
                "setpriv",
                "--reuid",
                STRANGER,
                "--regid",
                STRANGER,
                "--clear-groups",
                "--inh-caps=-all",
                "--bounding-set=-all",
                "--no-new-privs",
                "--"));
    dropped.addAll(words);
    return dropped;
  }

  static boolean root() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  /** A process in a directory that everybody may enter, its errors among its output. */
  static ProcessBuilder process(List<String> words) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.directory(COPY.toFile());
    builder.environment().remove("XDG_RUNTIME_DIR");
    // Directories that only we may enter would be forbidden, not missing, to somebody else.
    builder.environment().put("PATH", "/usr/local/bin:/usr/bin:/bin");
    return builder;
  }

  /** What this JVM has, copied. */
  static String classPath() {
    try (Stream<Path> parts = Files.list(COPY)) {
      return String.join(File.pathSeparator, parts.map(Path::toString).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copyClassPath() {
    try {
      Path copy = Files.createTempDirectory("culvert-it");
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(copy)));
      String fallback = System.getProperty("java.class.path", "");
      String all = System.getProperty("surefire.test.class.path", fallback);
      int number = 100;
      for (String entry : all.split(File.pathSeparator, -1)) {
        Path from = Path.of(entry);
        if (Files.exists(from)) {
          copy(from, copy.resolve(number++ + "-" + from.getFileName()));
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        boolean directory = Files.isDirectory(file);
        if (directory) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
        Files.setPosixFilePermissions(
            target, PosixFilePermissions.fromString(directory ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
