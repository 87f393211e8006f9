package dev.culvert.cli.punch;

import dev.culvert.cli.Console;
import dev.culvert.cli.TakesCommandLine;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code culvert punch}. */
@Command(
    name = "punch",
    header = "Punches one UDP path to another host, without ICE, relay and node.",
    description = {
      "It measures the NAT and prints a line. Paste that into 'culvert punch --answer' on the other"
          + " host, and here what that prints. The answer names the moment when both begin, 30"
          + " seconds later; set both clocks. Both tell the plan, what it opened, and how long"
          + " datagrams take over it. Over IPv4.",
      "",
      "A program that is named is then run on the bare path: the socket is closed, and"
          + " CULVERT_LOCAL_ADDRESS, CULVERT_LOCAL_PORT, CULVERT_REMOTE_ADDRESS and"
          + " CULVERT_REMOTE_PORT tell it what to bind and where to send. NATs forget a path that"
          + " is silent, some after a few seconds. Nothing on it is encrypted.",
      "",
      "Whoever has both lines can stand in for either side."
    },
    exitCodeList = {
      "0:a path was opened; with a program: the program's own",
      "2:the command line or what was pasted is not understood, or the clocks differ",
      "4:no path was opened, or no plan fits the two NATs",
      "6:no usable network, or UDP is blocked",
      "8:no line of the other side in time",
      "127:there is no such program",
      "130:interrupted"
    })
public final class PunchCommand implements Callable<Integer>, TakesCommandLine {
  private final Console console;

  @Mixin private PunchOptions options = new PunchOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "PROGRAM",
      description = "A program and its arguments, after -- where you like.")
  private List<String> program = List.of();

  PunchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    boolean dashes = !program.isEmpty() && program.get(0).equals("--");
    List<String> line = dashes ? program.subList(1, program.size()) : program;
    return new PunchRun(console, options).run(line);
  }
}
