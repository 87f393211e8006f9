package dev.culvert.lab.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The scenarios of this project. */
final class ScenarioFiles {
  private ScenarioFiles() {}

  static List<Path> all() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("test-nat-lab/scenarios"))) {
      Path parent = root.getParent();
      if (parent == null) {
        throw new IOException(
            "there is no test-nat-lab/scenarios above " + Path.of("").toAbsolutePath());
      }
      root = parent;
    }
    try (Stream<Path> files = Files.list(root.resolve("test-nat-lab/scenarios"))) {
      return files.filter(file -> file.toString().endsWith(".scenario")).sorted().toList();
    }
  }
}
