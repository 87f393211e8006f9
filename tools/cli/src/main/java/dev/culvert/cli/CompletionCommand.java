package dev.culvert.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code culvert completion}. */
@Command(
    name = "completion",
    header = "Prints a script that completes culvert's commands and options in bash and zsh.",
    description = {
      "Put it to use with:",
      "  source <(culvert completion)",
      "The installed copy stands in completion/culvert.bash."
    })
final class CompletionCommand implements Callable<Integer> {
  private final Console console;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Commands> all = List.of(Commands.values());
    console.print(AutoComplete.bash("culvert", Culvert.commandLine(console, all)).stripTrailing());
    return ExitCode.OK.number();
  }
}
