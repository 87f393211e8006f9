package dev.culvert.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The command {@code culvert}. */
public final class Culvert {
  private Culvert() {}

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(new Console(Streams.ofProcess()), args));
  }

  /** Runs one command line in this process and tells its exit code. */
  public static int run(Console console, String... args) {
    CommandLine root = commandLine(console, Commands.neededBy(args));
    int exitCode = root.execute(args);
    console.out().flush();
    return exitCode;
  }

  /** The tree of commands: those that are given in whole, the others in outline. */
  static CommandLine commandLine(Console console, List<Commands> commands) {
    RootCommand rootCommand = new RootCommand();
    CommandFactory factory = new CommandFactory(console);
    CommandLine root = new CommandLine(rootCommand, factory);
    for (Commands command : Commands.values()) {
      root.addSubcommand(
          command.word(), commands.contains(command) ? command.type() : command.outline());
    }
    stopWhereOtherProgramsBegin(root);
    FaultReporting faults = new FaultReporting(console);
    root.setParameterExceptionHandler(faults);
    root.setExecutionExceptionHandler(faults);
    root.setExecutionStrategy(
        parsed -> {
          console.onOptions(() -> rootCommand.common().applyTo(console));
          console.optionsChanged();
          return new CommandLine.RunLast().execute(parsed);
        });
    root.registerConverter(OutputFormat.class, new WordConverter<>(OutputFormat.values()));
    root.registerConverter(ColorChoice.class, new WordConverter<>(ColorChoice.values()));
    root.setUsageHelpAutoWidth(true);
    root.setOut(console.out());
    root.setColorScheme(
        CommandLine.Help.defaultColorScheme(console.outWantsColor() ? Ansi.ON : Ansi.OFF));
    return root;
  }

  private static void stopWhereOtherProgramsBegin(CommandLine command) {
    for (CommandLine below : command.getSubcommands().values()) {
      if (below.getCommandSpec().userObject() instanceof TakesCommandLine) {
        below.setStopAtPositional(true);
      }
      stopWhereOtherProgramsBegin(below);
    }
  }
}
