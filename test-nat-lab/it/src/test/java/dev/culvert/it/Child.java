package dev.culvert.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process outside of any lab, run to its end. */
record Child(int exitCode, String output) {

  static Child run(long seconds, List<String> words) throws Exception {
    return run(seconds, words, Map.of());
  }

  static Child run(long seconds, List<String> words, Map<String, String> environment)
      throws Exception {
    Path file = Files.createTempFile("culvert-it", ".out");
    try {
      ProcessBuilder builder = ChildJvm.process(words).redirectOutput(file.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            words + " did not end in " + seconds + " s: " + Files.readString(file));
      }
      return new Child(process.exitValue(), Files.readString(file));
    } finally {
      Files.delete(file);
    }
  }

  /** Starts one that stays, and reads its first line. */
  static Started start(List<String> words) throws IOException {
    Process process = ChildJvm.process(words).start();
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    return new Started(process, String.valueOf(reader.readLine()));
  }

  /** A process that runs, and the first line it wrote. */
  record Started(Process process, String firstLine) {}
}
