package dev.culvert.cli.punch;

import dev.culvert.cli.Console;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.meet.BareEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that takes over a path whose socket is closed by now. */
final class BareProgram {
  /** What shells say where there is no such program. */
  private static final int NO_SUCH_PROGRAM = 127;

  private BareProgram() {}

  /** Runs it to its end; its exit code. */
  static int run(Console console, List<String> line, BareEvent.Opened path)
      throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
    put(builder.environment(), "LOCAL", path.flow().local());
    put(builder.environment(), "REMOTE", path.flow().remote());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      console.tell("'" + line.get(0) + "' did not start: check that it is there and may be run");
      return NO_SUCH_PROGRAM;
    }
    // Ctrl-C reaches the program too: what it still has to say comes before this process ends.
    Thread waiting = new Thread(() -> await(process), "culvert-goodbye");
    Runtime.getRuntime().addShutdownHook(waiting);
    int exitCode = process.waitFor();
    try {
      Runtime.getRuntime().removeShutdownHook(waiting);
    } catch (IllegalStateException e) {
      // The process is ending already; the hook runs and finds nothing to wait for.
    }
    return exitCode;
  }

  private static void put(Map<String, String> environment, String which, TransportAddress its) {
    environment.put("CULVERT_" + which + "_ADDRESS", IpLiterals.format(its.ip(), false));
    environment.put("CULVERT_" + which + "_PORT", Integer.toString(its.port()));
  }

  private static void await(Process process) {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (InterruptedException e) {
      process.destroy();
    }
  }
}
