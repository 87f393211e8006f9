package dev.culvert.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A program that runs on a host of a lab. Standard output and error are kept together, at most the
 * first 4 MiB. Safe for use by several threads.
 */
public final class LabProcess implements AutoCloseable {
  private static final int MOST = 4 << 20;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final List<String> command;
  private final Process process;
  private final Thread reader;
  private final StringBuilder output = new StringBuilder();
  private boolean silent;

  LabProcess(List<String> command, Process process) {
    this.command = List.copyOf(command);
    this.process = process;
    this.reader = new Thread(this::read, "culvert-lab-output");
    reader.setDaemon(true);
    reader.start();
  }

  /** Its standard input. */
  public OutputStream input() {
    return process.getOutputStream();
  }

  /** What it has written so far. */
  public String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  /** The lines it has written so far. */
  public List<String> lines() {
    return output().lines().toList();
  }

  /** Whether it runs. */
  public boolean alive() {
    return process.isAlive();
  }

  /**
   * Waits for what it writes.
   *
   * @param wanted asked with all the output so far
   * @return the output that was wanted
   * @throws LabException if it ended or {@code limit} passed without that
   */
  public String await(Predicate<String> wanted, Duration limit) throws LabException {
    long deadline = System.nanoTime() + limit.toNanos();
    synchronized (output) {
      while (!wanted.test(output.toString())) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (silent || left <= 0) {
          throw new LabException(
              command
                  + (silent ? " ended" : " ran " + limit.toSeconds() + " s")
                  + " without what was waited for; it wrote: "
                  + output);
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new LabException("interrupted while waiting for " + command, e);
        }
      }
      return output.toString();
    }
  }

  /**
   * Waits for its end and for all it wrote.
   *
   * @return its exit code
   * @throws LabException if it did not end in time; then it is killed
   */
  public int awaitExit(Duration limit) throws LabException {
    try {
      if (process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        reader.join(GRACE.toMillis());
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while waiting for " + command, e);
    }
    kill();
    throw new LabException(
        command + " did not end within " + limit.toMillis() + " ms; it wrote: " + output());
  }

  /**
   * Its exit code.
   *
   * @throws IllegalThreadStateException if it still runs
   */
  public int exitCode() {
    return process.exitValue();
  }

  /** Asks it to end (SIGTERM) and does not wait. */
  public void terminate() {
    // The child of nsenter, not nsenter: so the exit code is the program's own.
    process.children().forEach(ProcessHandle::destroy);
  }

  /** Ends it (SIGKILL) and does not wait. */
  public void kill() {
    process.children().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
  }

  /** Ends it: SIGTERM, and SIGKILL after five seconds. */
  @Override
  public void close() {
    terminate();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try (BufferedReader from =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      char[] chunk = new char[4096];
      for (int n = from.read(chunk); n >= 0; n = from.read(chunk)) {
        synchronized (output) {
          output.append(chunk, 0, Math.min(n, MOST - output.length()));
          output.notifyAll();
        }
      }
    } catch (IOException e) {
      // The pipe breaks when the process is killed; what it wrote until then stands.
    } finally {
      synchronized (output) {
        silent = true;
        output.notifyAll();
      }
    }
  }
}
