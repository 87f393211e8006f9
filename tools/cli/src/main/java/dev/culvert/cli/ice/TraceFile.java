package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.trace.TraceLine;
import dev.culvert.cli.ice.trace.TraceText;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a trace goes; each line is there at once, whoever ends the process. */
public final class TraceFile implements AutoCloseable {
  private final Console console;
  private final Path file;
  private final BufferedWriter out;
  private boolean broken;

  private TraceFile(Console console, Path file, BufferedWriter out) {
    this.console = console;
    this.file = file;
    this.out = out;
  }

  /**
   * A file to write to; empty if no trace is wanted.
   *
   * @throws Fault if it cannot be written
   */
  public static Optional<TraceFile> open(Optional<Path> file, Console console) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new TraceFile(console, file.get(), Files.newBufferedWriter(file.get())));
    } catch (IOException e) {
      throw Fault.usage(
          "--trace " + file.get() + " cannot be written",
          "name a file in a folder that exists and is yours");
    }
  }

  /** Adds a line; a disk that is full ends the trace, not the connection. */
  public synchronized void write(TraceLine line) {
    if (broken) {
      return;
    }
    try {
      out.write(console.redacted(TraceText.write(line)));
      out.newLine();
      out.flush();
    } catch (IOException e) {
      broken = true;
      console.say("the trace " + file + " ends here: " + e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    broken = true;
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
