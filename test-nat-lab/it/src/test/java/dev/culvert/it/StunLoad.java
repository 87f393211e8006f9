package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What the load generator of tools/bench found out about a server.
 *
 * @param exitCode 0 if every reply was right
 */
record StunLoad(int exitCode, long sent, long answered, long lost, long bad, long late) {
  private static final Path SOURCES = Path.of("tools/bench/src/main/c");

  /** Compiles the generator into {@code folder}. */
  static Path build(Path folder) throws Exception {
    Path program = folder.resolve("stun-load");
    Path sources = sources();
    List<String> command = new ArrayList<>(List.of("cc", "-std=c11", "-O2", "-o"));
    command.add(program.toString());
    for (String source : List.of("stun-load.c", "load.c")) {
      command.add(sources.resolve(source).toString());
    }
    Child compiler = Child.run(60, command);
    assertEquals(0, compiler.exitCode(), compiler.output());
    return program;
  }

  /** In the source tree that this test runs in, wherever in it. */
  private static Path sources() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve(SOURCES))) {
      folder = Objects.requireNonNull(folder.getParent(), "not in the source tree");
    }
    return folder.resolve(SOURCES);
  }

  /** Asks the server on {@code port} of 127.0.0.1. */
  static StunLoad run(Path generator, int port, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(generator.toString()));
    command.addAll(List.of("--server", "127.0.0.1:" + port));
    command.addAll(List.of(options));
    Child child = Child.run(110, command);
    JsonNode told = new ObjectMapper().readTree(child.output());
    return new StunLoad(
        child.exitCode(),
        told.required("sent").asLong(),
        told.required("answered").asLong(),
        told.required("lost").asLong(),
        told.required("bad").asLong(),
        told.required("late").asLong());
  }
}
