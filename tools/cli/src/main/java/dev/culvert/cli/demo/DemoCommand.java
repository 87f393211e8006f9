package dev.culvert.cli.demo;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert demo}. */
@Command(
    name = "demo",
    header = "Shows all of it at once: NATs, a check behind each, and peers that connect.",
    description = {
      "It makes a lab of this kernel's own NATs, runs 'culvert node' on a server in"
          + " it and 'culvert check' behind each NAT, and holds what was found against what"
          + " the NATs were made to be. Then two peers behind hard NATs connect to each other's"
          + " keys at the node: relayed at once, then directly, by a plan that it names; and a"
          + " router is started anew while they talk. No packet leaves this machine. Where no"
          + " lab can be made, it says why and does the same in a simulated Internet."
    },
    exitCodeList = {"0:all came out as it must", "1:something did not", "2:usage"})
public final class DemoCommand implements Callable<Integer> {
  private static final List<String> KINDS =
      List.of(
          "open", "firewall", "full", "arc", "prc", "adm", "sym", "symseq", "cgn-home", "blocked");

  private final Console console;

  @Option(names = "--simulated", description = "Use the simulated Internet at once.")
  private boolean simulated;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Profile> profiles = KINDS.stream().map(Profile::parse).toList();
    long began = System.nanoTime();
    Optional<String> why = Optional.empty();
    Optional<Demonstration.Shown> shown = Optional.empty();
    if (simulated) {
      why = Optional.of("it was asked for");
    } else {
      try {
        shown = Optional.of(Demonstration.kernel(console, profiles));
      } catch (LabException e) {
        why = Optional.of(String.valueOf(e.getMessage()));
        console.say("no NATs of the kernel here: " + why.get());
        console.say("the same in a simulated Internet:");
      }
    }
    Demonstration.Shown all = shown.orElseGet(() -> simulated(profiles));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
    DemoView view = new DemoView(why, all.results(), all.story(), elapsed);
    console.show(view);
    return (view.isAllRight() ? ExitCode.OK : ExitCode.INTERNAL).number();
  }

  private Demonstration.Shown simulated(List<Profile> profiles) {
    try {
      return Demonstration.simulated(console, profiles);
    } catch (LabException e) {
      throw new Fault(ExitCode.INTERNAL, "the simulated lab: " + e.getMessage(), "");
    }
  }
}
