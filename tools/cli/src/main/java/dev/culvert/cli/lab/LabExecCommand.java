package dev.culvert.cli.lab;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.OwnCommand;
import dev.culvert.cli.TakesCommandLine;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code culvert lab exec}. */
@Command(
    name = "exec",
    header = "Runs a program on a host of a lab, and ends as it ends.",
    description = "Options come before the host; all that follows it is the program's.",
    exitCodeList = {
      "0..255:the program's own",
      "2:the command line is not understood, or no such lab or host is up",
      "6:the lab has ended",
      "127:there is no such program"
    })
public final class LabExecCommand implements Callable<Integer>, TakesCommandLine {
  @Parameters(
      index = "0",
      paramLabel = "HOST",
      description = "a, b, s1, or a router such as a-nat.")
  private String host = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PROGRAM",
      description = "The program and its arguments, after -- where you like.")
  private List<String> program = List.of();

  @Mixin private LabNameOption name = new LabNameOption();

  LabExecCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    List<String> line = program.get(0).equals("--") ? program.subList(1, program.size()) : program;
    if (line.isEmpty()) {
      throw Fault.usage("no program is named", "write it after the host: lab exec a -- ip address");
    }
    try {
      Lab lab = name.find();
      return run(host(lab), line);
    } catch (LabException e) {
      throw LabFaults.of(e);
    }
  }

  private LabHost host(Lab lab) {
    try {
      return lab.host(host);
    } catch (IllegalArgumentException e) {
      throw LabFaults.usage(e);
    }
  }

  private static int run(LabHost host, List<String> line) throws InterruptedException {
    ProcessBuilder builder = host.command(line).inheritIO();
    OwnCommand.prepare(builder.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new Fault(
          ExitCode.INTERNAL,
          "the program that enters the lab did not start (" + e.getMessage() + ")",
          "install util-linux");
    }
    // Ctrl-C reaches the program too: what it still has to say comes before this process ends.
    Thread waiting =
        new Thread(
            () -> {
              try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                  process.destroy();
                }
              } catch (InterruptedException e) {
                process.destroy();
              }
            });
    Runtime.getRuntime().addShutdownHook(waiting);
    int exitCode = process.waitFor();
    removeHook(waiting);
    return exitCode;
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already; the hook runs and finds nothing to wait for.
    }
  }
}
