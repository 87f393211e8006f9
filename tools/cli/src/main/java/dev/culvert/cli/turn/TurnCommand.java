package dev.culvert.cli.turn;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert turn}, which only leads to its commands. */
@Command(
    name = "turn",
    header = "Tests relays and makes credentials for them.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {TurnTestCommand.class, TurnCredCommand.class})
public final class TurnCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  TurnCommand() {}

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "which command? There are: test, cred");
  }
}
