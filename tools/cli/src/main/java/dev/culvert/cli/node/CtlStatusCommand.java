package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code culvert node ctl status}. */
@Command(
    name = "status",
    header = "Tells whether a node is well, and what it does.",
    description = "Exit code 0 if it is well, 4 if it is not, or nothing listens there.")
final class CtlStatusCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CtlTarget target = new CtlTarget();

  @Spec private CommandSpec spec = CommandSpec.create();

  CtlStatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Map<String, Object> status = target.client(spec, console).status();
    console.show(new StatusView(status));
    boolean well = Boolean.TRUE.equals(status.get("healthy"));
    return (well ? ExitCode.OK : ExitCode.UNREACHABLE).number();
  }
}
