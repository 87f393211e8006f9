package dev.culvert.cli.server;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert servers}, which only leads to its commands. */
@Command(
    name = "servers",
    header = "Vets lists of STUN servers.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = ServersCheckCommand.class)
public final class ServersCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  ServersCommand() {}

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "which command? There is: check");
  }
}
