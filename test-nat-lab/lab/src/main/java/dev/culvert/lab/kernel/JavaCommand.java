package dev.culvert.lab.kernel;

import dev.culvert.sansio.Bytes;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How to start a JVM on a host of a lab. */
public final class JavaCommand {
  private JavaCommand() {}

  /** The words that run a main class of this library, which needs nothing but that. */
  public static List<String> ofThisLibrary(Class<?> main) {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(main, Bytes.class)) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source == null || !source.getLocation().getProtocol().equals("file")) {
        return words("64m", classPath(), main, List.of());
      }
      try {
        places.add(Path.of(source.getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        return words("64m", classPath(), main, List.of());
      }
    }
    return words("64m", String.join(File.pathSeparator, places), main, List.of());
  }

  /** The words that run a main class of whatever class path this JVM has. */
  public static List<String> of(Class<?> main, List<String> arguments) {
    return words("256m", classPath(), main, arguments);
  }

  private static List<String> words(
      String heap, String classPath, Class<?> main, List<String> arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx" + heap,
                // Such files are named by process numbers, which are the same in every lab.
                "-XX:-UsePerfData",
                "-XX:+DisplayVMOutputToStderr",
                "-cp",
                classPath,
                main.getName()));
    words.addAll(arguments);
    return words;
  }

  private static String classPath() {
    List<String> parts = new ArrayList<>();
    String plain = System.getProperty("java.class.path", "");
    // Surefire hides the real one behind a jar that it deletes early.
    parts.add(System.getProperty("surefire.test.class.path", plain));
    parts.add(System.getProperty("jdk.module.path", ""));
    parts.removeIf(String::isEmpty);
    return String.join(File.pathSeparator, parts);
  }
}
