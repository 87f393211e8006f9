package dev.culvert.cli.lab;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert lab down}. */
@Command(
    name = "down",
    header = "Ends a lab and every program in it.",
    exitCodeList = {
      "0:the lab is down",
      "2:the command line is not understood, or no such lab is up",
      "6:the lab could not be ended"
    })
public final class LabDownCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LabNameOption name = new LabNameOption();

  @Option(names = "--all", description = "End every lab of yours.")
  private boolean all;

  LabDownCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try {
      if (all) {
        for (String running : Lab.running()) {
          Optional<Lab> lab = Lab.find(running);
          if (lab.isPresent()) {
            lab.get().down();
            console.say("lab '" + running + "' is down");
          }
        }
      } else {
        name.find().down();
        console.say("lab '" + name.name() + "' is down");
      }
    } catch (LabException e) {
      throw LabFaults.of(e);
    }
    return ExitCode.OK.number();
  }
}
