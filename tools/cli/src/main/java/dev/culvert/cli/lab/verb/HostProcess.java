package dev.culvert.cli.lab.verb;

import dev.culvert.cli.OwnCommand;
import dev.culvert.lab.LabException;
import dev.culvert.lab.world.KernelWorld;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * {@code culvert} in a process of its own on a host of the kernel's lab; ends with the lab. Safe
 * for use by several threads.
 */
final class HostProcess {
  private static final long GRACE_MILLIS = 2000;
  private static final int MOST = 1 << 20;

  private final Process process;
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();
  private final Thread reader;
  private final Thread errorReader;

  private HostProcess(Process process, Consumer<String> onLine) {
    this.process = process;
    this.reader = follow(process.getInputStream(), out, onLine);
    this.errorReader = follow(process.getErrorStream(), err, line -> {});
  }

  /**
   * Starts {@code culvert} with these arguments.
   *
   * @param onLine is given each line of its standard output, on a thread of its own
   */
  static HostProcess start(
      KernelWorld world, String host, Consumer<String> onLine, String... arguments)
      throws LabException {
    ProcessBuilder builder = world.lab().host(host).command(OwnCommand.line(arguments));
    OwnCommand.prepare(builder.environment());
    try {
      return new HostProcess(builder.start(), onLine);
    } catch (IOException e) {
      throw new LabException("cannot start a program in the lab: " + e.getMessage(), e);
    }
  }

  private static Thread follow(InputStream from, StringBuilder kept, Consumer<String> onLine) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader lines =
                  new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (@Nullable String line = lines.readLine();
                    line != null;
                    line = lines.readLine()) {
                  synchronized (kept) {
                    if (kept.length() < MOST) {
                      kept.append(line).append('\n');
                    }
                  }
                  onLine.accept(line);
                }
              } catch (IOException e) {
                // The pipe breaks when the process is killed; what it wrote until then stands.
              }
            },
            "culvert-lab-verb");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Whether it has ended and all it wrote has been read. */
  boolean hasEnded() {
    return !process.isAlive() && !reader.isAlive() && !errorReader.isAlive();
  }

  /** What to say of it if it has ended before it was told to. */
  Optional<String> failure() {
    return hasEnded() ? Optional.of("its process ended: " + err().strip()) : Optional.empty();
  }

  /** Its exit code, once it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /** What it wrote to standard output. */
  String out() {
    synchronized (out) {
      return out.toString();
    }
  }

  /** What it wrote to standard error. */
  String err() {
    synchronized (err) {
      return err.toString();
    }
  }

  /** Writes a line to its standard input; one that has ended takes nothing any more. */
  synchronized void write(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException e) {
      // Its end is seen by its exit code.
    }
  }

  /** Ends it: its input is closed and it gets SIGTERM, after two seconds SIGKILL. */
  synchronized void stop() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended.
    }
    // The child of nsenter, not nsenter: so the exit code is the program's own.
    process.children().forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        process.children().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
