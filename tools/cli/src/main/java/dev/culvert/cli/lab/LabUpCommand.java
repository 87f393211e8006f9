package dev.culvert.cli.lab;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert lab up}. */
@Command(
    name = "up",
    header = "Starts a lab, which stays until 'culvert lab down'.",
    description = {
      "Servers s1 and s2 run 'culvert node'; s1 has two addresses, as RFC 5780 needs"
          + " them. Their names are known on every host of the lab."
    },
    exitCodeList = {
      "0:the lab is up",
      "2:the command line is not understood, or a lab of that name is up",
      "6:no lab can start here"
    })
public final class LabUpCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private HomeOptions homes = new HomeOptions();
  @Mixin private LabNameOption name = new LabNameOption();

  @Option(names = "--no-node", description = "Leave the servers idle.")
  private boolean withoutNodes;

  LabUpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    LabSpec spec = homes.spec();
    try {
      if (Lab.find(name.name()).isPresent()) {
        throw Fault.usage(
            "a lab '" + name.name() + "' is up already",
            "end it with 'culvert lab down --name " + name.name() + "' or choose another --name");
      }
      console.progress("starting the lab ...");
      Lab lab = Lab.up(name.name(), spec);
      startNodes(lab);
      console.show(new LabView(name.name(), lab.addresses()));
    } catch (LabException e) {
      throw LabFaults.of(e);
    }
    return ExitCode.OK.number();
  }

  private void startNodes(Lab lab) throws LabException {
    if (withoutNodes) {
      return;
    }
    console.progress("starting the nodes on s1 and s2 ...");
    try {
      LabNodes.start(lab).forEach(console::say);
    } catch (LabException | Fault e) {
      lab.down();
      throw e;
    }
  }
}
