package dev.culvert.cli.lab;

import dev.culvert.cli.Fault;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import picocli.CommandLine.Option;

/** Which lab is meant. */
final class LabNameOption {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The lab's name: a-z, 0-9 and '-' (default: lab).")
  private String name = "lab";

  String name() {
    return name;
  }

  /** The lab of that name, which must be up. */
  Lab find() throws LabException {
    return Lab.find(name)
        .orElseThrow(
            () ->
                Fault.usage(
                    "no lab '" + name + "' is up",
                    "start it with 'culvert lab up'"
                        + (name.equals("lab") ? "" : " --name " + name)
                        + ", or name another with --name"));
  }
}
