package dev.culvert.cli.id;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert id}, which only leads to its commands. */
@Command(
    name = "id",
    header = "Makes and shows the key that this peer is known by.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {IdNewCommand.class, IdShowCommand.class, IdImportCommand.class})
public final class IdCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  IdCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "which command? There are: new, show, import");
  }
}
