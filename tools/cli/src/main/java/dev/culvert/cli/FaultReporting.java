package dev.culvert.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever goes wrong into one line on standard error and an exit code. */
final class FaultReporting implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Console console;

  FaultReporting(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String fault =
        e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()
            ? unmatched(command, unmatched.getUnmatched().get(0))
            : oneLine(String.valueOf(e.getMessage()));
    console.tell(name + ": " + fault + "; '" + name + " --help' tells what it takes");
    return ExitCode.USAGE.number();
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof Fault fault) {
      fault.all().forEach(one -> console.tell(name + ": " + one.line()));
      LoggerFactory.getLogger(FaultReporting.class).debug("the fault came from", e);
      return fault.exitCode().number();
    }
    LoggerFactory.getLogger(FaultReporting.class).debug("internal error", e);
    console.tell(
        name
            + ": internal error: "
            + oneLine(e.toString())
            + (console.isVerbose()
                ? "; please report it with the log above"
                : "; run it again with -v to see where, and please report it"));
    return ExitCode.INTERNAL.number();
  }

  private static String unmatched(CommandLine command, String word) {
    boolean option = word.startsWith("-");
    String bare = option && word.indexOf('=') > 0 ? word.substring(0, word.indexOf('=')) : word;
    List<String> words = new ArrayList<>();
    if (option) {
      for (OptionSpec known : command.getCommandSpec().options()) {
        if (!known.hidden()) {
          words.addAll(List.of(known.names()));
        }
      }
    } else {
      words.addAll(command.getSubcommands().keySet());
    }
    Optional<String> nearest = Suggestions.nearest(bare, words);
    String kind = option ? "option" : words.isEmpty() ? "argument" : "command";
    String fault =
        kind.equals("argument")
            ? "does not know what to do with '" + bare + "'"
            : "there is no " + kind + " '" + bare + "'";
    return fault + nearest.map(hit -> "; did you mean '" + hit + "'?").orElse("");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
