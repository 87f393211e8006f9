package dev.culvert.cli;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How this very command is started again, in processes of its own. */
public final class OwnCommand {
  private OwnCommand() {}

  /** The command line that runs culvert with these arguments. */
  public static List<String> line(String... arguments) {
    List<String> line = new ArrayList<>();
    Optional<Path> launcher = launcher();
    if (launcher.isPresent()) {
      line.add(launcher.get().toString());
    } else {
      line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // In a lab every process has a low number, and those of several labs share the JVM's files.
      line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData"));
      line.addAll(List.of("-cp", System.getProperty("java.class.path")));
      line.add(Culvert.class.getName());
    }
    line.addAll(List.of(arguments));
    return line;
  }

  /**
   * Puts into {@code environment} what lets a child find {@code culvert}, the same Java, and run
   * what is built as it is.
   */
  public static void prepare(Map<String, String> environment) {
    launcher()
        .map(Path::getParent)
        .ifPresent(
            folder ->
                environment.merge(
                    "PATH", folder.toString(), (path, own) -> own + File.pathSeparator + path));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("CULVERT_BUILD", "never");
  }

  private static Optional<Path> launcher() {
    return Optional.ofNullable(System.getProperty("culvert.launcher"))
        .filter(path -> !path.isEmpty())
        .map(Path::of);
  }
}
