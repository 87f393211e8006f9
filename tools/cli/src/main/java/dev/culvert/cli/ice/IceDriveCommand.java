package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.ice.drive.Drive;
import dev.culvert.cli.ice.drive.DriveHost;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.engine.IceEngine;
import dev.culvert.session.LocalAddress;
import dev.culvert.transport.NetworkRuntime;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert ice drive}. */
@Command(
    name = "drive",
    header = "Connects to other hosts as another program says, by lines of JSON.",
    description = {
      "It reads orders from standard input and writes events to standard output, a JSON object a"
          + " line: connections are opened, told of the other side and closed, datagrams sent and"
          + " received. Any number of connections share the sockets of this host. docs/ice.md has"
          + " all orders and events.",
      "",
      "An order to open may name another engine than --ice-engine does.",
      "",
      "A line that is no order is told and passed over. It ends with standard input, or with the"
          + " order 'quit'."
    },
    exitCodeList = {
      "0:standard input has ended, or 'quit' was ordered",
      "2:the command line is not understood",
      "6:no usable network",
      "130:interrupted"
    })
public final class IceDriveCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PeerOptions options = new PeerOptions();
  @Mixin private EngineOption engine = new EngineOption();

  IceDriveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (console.redacts()) {
      throw Fault.usage("--redact would spoil the descriptions", "leave it out");
    }
    try (NetworkRuntime runtime = options.runtime()) {
      PeerPlan plan = options.plan(console, runtime);
      plan.missing().forEach(each -> console.say(each.server() + ": " + each.reason()));
      try (Drive drive = new Drive(new Host(runtime, plan), console::print)) {
        Thread goodbye = new Thread(drive::close, "culvert-goodbye");
        Runtime.getRuntime().addShutdownHook(goodbye);
        drive.run(System.in);
        forget(goodbye);
      }
      return 0;
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already, so the hook has run.
    }
  }

  private final class Host implements DriveHost {
    private final NetworkRuntime runtime;
    private final PeerPlan plan;

    Host(NetworkRuntime runtime, PeerPlan plan) {
      this.runtime = runtime;
      this.plan = plan;
    }

    @Override
    public String engine() {
      return engine.name();
    }

    @Override
    public IcePolicy policy() {
      return plan.policy();
    }

    @Override
    public IceEngine make(String name) {
      return Engines.make(name, plan, runtime);
    }

    @Override
    public List<LocalAddress> addresses() {
      return options.addresses();
    }
  }
}
