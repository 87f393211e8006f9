package dev.culvert.cli.lab;

import dev.culvert.cli.lab.connect.LabPeerCommand;
import dev.culvert.cli.lab.hold.LabHoldCommand;
import dev.culvert.cli.lab.matrix.LabMatrixCommand;
import dev.culvert.cli.lab.meet.LabMeetCommand;
import dev.culvert.cli.lab.reach.LabSideCommand;
import dev.culvert.cli.lab.relay.LabRelaySideCommand;
import dev.culvert.cli.lab.run.LabRunCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert lab}, which only leads to its commands. */
@Command(
    name = "lab",
    header = "Runs things behind real NATs of this machine's kernel (Linux).",
    description = {
      "A lab is a small Internet of network namespaces that no packet leaves: servers"
          + " s1 (two addresses) and s2, and hosts behind the NATs that you choose. For"
          + " example:",
      "",
      "  culvert lab up --a prc --b sym",
      "  culvert lab exec a -- culvert check --server s1",
      "  culvert lab down",
      "",
      "An ordinary user needs user namespaces, as most systems allow them."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LabUpCommand.class,
      LabExecCommand.class,
      LabDownCommand.class,
      LabProfilesCommand.class,
      LabRunCommand.class,
      LabMatrixCommand.class,
      LabSideCommand.class,
      LabRelaySideCommand.class,
      LabHoldCommand.class,
      LabMeetCommand.class,
      LabPeerCommand.class
    })
public final class LabCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  LabCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "which command? There are: up, exec, down, profiles, run, matrix");
  }
}
