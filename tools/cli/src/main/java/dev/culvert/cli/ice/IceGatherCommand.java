package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.transport.NetworkRuntime;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert ice gather}. */
@Command(
    name = "gather",
    header = "Shows the candidates of this host: where a peer could reach it.",
    description = {
      "It opens a UDP socket on each usable address of this host, asks the STUN servers what"
          + " that looks like from outside, and gets an allocation from each relay (RFC 8445,"
          + " section 5.1.1). A line per candidate tells when it was there, its type, protocol,"
          + " address and priority, and who showed it; then which servers were slow or silent,"
          + " and which addresses of this host were left out. Allocations are given back."
    },
    exitCodeList = {
      "0:there are candidates that the policy allows",
      "2:the command line is not understood",
      "4:--policy relay-only, and no relay gave an address",
      "6:no usable network",
      "130:interrupted"
    })
public final class IceGatherCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PeerOptions options = new PeerOptions();

  IceGatherCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (NetworkRuntime runtime = options.runtime()) {
      PeerPlan plan = options.plan(console, runtime);
      GatherView view = new GatherView(plan, GatherRun.run(runtime, plan, console));
      console.show(view);
      return view.exitCode().number();
    }
  }
}
