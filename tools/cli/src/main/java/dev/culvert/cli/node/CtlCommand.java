package dev.culvert.cli.node;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert node ctl}, which only leads to its commands. */
@Command(
    name = "ctl",
    header = "Looks at a running node, lists and drops allocations.",
    description = {
      "Asks the management address of a node that was started with --management. Where that is and"
          + " where the token is follows from the node's own settings too: culvert node --config"
          + " FILE ctl list, or CULVERT_NODE_MANAGEMENT and CULVERT_NODE_MANAGEMENT_TOKEN_FILE."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {CtlListCommand.class, CtlDropCommand.class, CtlStatusCommand.class})
final class CtlCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "which command? There are: list, drop, status");
  }
}
