package dev.culvert.lab.kernel;

import dev.culvert.lab.wire.Wire;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How to start this library's wire as a process of its own. */
final class WireCommand {
  private WireCommand() {}

  static List<String> words() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        // Such files are named by process numbers, which are the same in every lab.
        "-XX:-UsePerfData",
        "-XX:+DisplayVMOutputToStderr",
        "-Djna.nosys=true",
        // The lab's own file system: nothing is left behind.
        "-Djna.tmpdir=/run/lab",
        "-cp",
        classPath(),
        Wire.class.getName());
  }

  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> type : List.of(Wire.class, com.sun.jna.Pointer.class)) {
      CodeSource source = type.getProtectionDomain().getCodeSource();
      if (source == null || !source.getLocation().getProtocol().equals("file")) {
        return System.getProperty("java.class.path", "");
      }
      try {
        places.add(Path.of(source.getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        return System.getProperty("java.class.path", "");
      }
    }
    return String.join(File.pathSeparator, places);
  }
}
