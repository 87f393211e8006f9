package dev.culvert.cli.ice;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code culvert ice}, which only leads to its commands. */
@Command(
    name = "ice",
    header = "Finds a path to another host by ICE, and tells why there is none.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      IceGatherCommand.class,
      IceOfferCommand.class,
      IceAnswerCommand.class,
      IceDriveCommand.class,
      IceExplainCommand.class
    })
public final class IceCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  IceCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        new CommandLine(spec), "which command? There are: gather, offer, answer, drive, explain");
  }
}
