package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs shell scripts in a lab that is up, as its root. */
final class Shell {
  private static final String INSIDE =
      "inside() { space=$1; shift; nsenter --net=\"/run/netns/$space\" \"$@\"; }\n";

  private final Holder holder;

  Shell(Holder holder) {
    this.holder = holder;
  }

  /**
   * Runs {@code script} to its end or its first command that fails.
   *
   * @param doing what it is for, to be read after "the lab cannot"
   */
  void run(String doing, String script) throws LabException {
    String fault = attempt(script);
    if (!fault.isEmpty()) {
      throw new LabException("the lab cannot " + doing + ": " + fault);
    }
  }

  /** The first line that a script wrote if it failed; empty if it did not. */
  String attempt(String script) throws LabException {
    if (!holder.alive()) {
      throw new LabException("the lab has ended");
    }
    try {
      Process process =
          new ProcessBuilder(holder.enter(LabSpec.INTERNET, "/", List.of("sh", "-eu", "-s")))
              .redirectErrorStream(true)
              .start();
      try (OutputStream input = process.getOutputStream()) {
        input.write((INSIDE + script).getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It failed before it had read all; what it says tells why.
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      return code == 0 ? "" : said.lines().findFirst().orElse("exit code " + code);
    } catch (IOException e) {
      throw new LabException(Faults.missing("nsenter and sh", "util-linux"), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the lab changed", e);
    }
  }

  /** A command that reads {@code lines}, as part of a script; nothing without lines. */
  static String batch(String command, List<String> lines) {
    return reading(command + " <<'END'", lines);
  }

  /** The same for a command that may fail. */
  static String attempt(String command, List<String> lines) {
    return reading(command + " >/dev/null 2>&1 <<'END' || true", lines);
  }

  private static String reading(String command, List<String> lines) {
    return lines.isEmpty()
        ? ""
        : command + "\n" + String.join("\n", lines).stripTrailing() + "\nEND\n";
  }
}
