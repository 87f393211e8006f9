package dev.culvert.cli.lab;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.lab.LabException;

/** Turns what the lab says of itself into faults; it names the mend itself. */
final class LabFaults {
  private LabFaults() {}

  static Fault of(LabException e) {
    return new Fault(ExitCode.NO_NETWORK, "the lab: " + e.getMessage(), "");
  }

  static Fault usage(IllegalArgumentException e) {
    return Fault.usage(String.valueOf(e.getMessage()), "");
  }
}
