package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Programs in C that stand beside the tests and are compiled by them. */
final class CSource {
  private static final Path FOLDER = Path.of("test-nat-lab/it/src/test/c");

  private CSource() {}

  /**
   * Compiles one into {@code folder}.
   *
   * @param options what the compiler is told besides
   */
  static Path compile(String name, Path folder, List<String> options) throws Exception {
    Path program = folder.resolve(name);
    List<String> words = new ArrayList<>(List.of("cc", "-std=c11", "-O1", "-o"));
    words.addAll(List.of(program.toString(), file(name + ".c").toString()));
    words.addAll(options);
    Child compiler = Child.run(60, words);
    assertEquals(0, compiler.exitCode(), compiler.output());
    return program;
  }

  /** In the source tree that this test runs in, wherever in it. */
  private static Path file(String name) {
    Path file = FOLDER.resolve(name);
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isRegularFile(folder.resolve(file))) {
      folder = Objects.requireNonNull(folder.getParent(), "not in the source tree");
    }
    return folder.resolve(file);
  }
}
