package dev.culvert.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code culvert} itself, which only leads to its commands. */
@Command(
    name = "culvert",
    header = "Finds out why two machines can or cannot talk through NATs, and helps them to.",
    scope = ScopeType.INHERIT,
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    descriptionHeading = "%n",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:fine (check: peers can be met directly, easily or not)",
      "1:a fault of Culvert's own",
      "2:the command line is not understood",
      "3:relayed, or a relay is the only way",
      "4:unreachable",
      "5:inconclusive",
      "6:no usable network, or UDP is blocked",
      "7:not authorised, or not trusted",
      "8:timeout",
      "130:interrupted"
    },
    exitCodeOnInvalidInput = 2,
    exitCodeOnExecutionException = 1,
    footerHeading = "%n",
    footer = "Results go to standard output, everything else to standard error.")
final class RootCommand implements Runnable {
  @Mixin private final CommonOptions common = new CommonOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  CommonOptions common() {
    return common;
  }

  @Override
  public void run() {
    throw new ParameterException(new CommandLine(spec), "which command?");
  }
}
