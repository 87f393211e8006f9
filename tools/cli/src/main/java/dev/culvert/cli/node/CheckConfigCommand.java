package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.settings.ConfigFileOption;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code culvert node check-config}. */
@Command(
    name = "check-config",
    header = "Tells whether a node would start, and with what.",
    description = {
      "Does all that 'culvert node' does up to opening sockets: reads the file, the environment,"
          + " the flags, and the certificates, keys and secrets that they name. Sends nothing.",
      "Prints 'ok' and each option with its value and where that comes from; secrets are masked."
    })
final class CheckConfigCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private NodeOptions options = new NodeOptions();

  @Mixin ConfigFileOption config = new ConfigFileOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  CheckConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    NodeSettings settings = NodeSettings.adopt(spec, options, console);
    List<String> warnings = NodeCheck.of(settings, console);
    warnings.forEach(warning -> console.tell("warning: " + warning));
    console.show(new ConfigView(settings.effective(), warnings));
    return ExitCode.OK.number();
  }
}
