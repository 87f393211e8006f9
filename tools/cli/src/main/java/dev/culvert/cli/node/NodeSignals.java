package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.transport.ServiceNotice;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What signals mean to a node: SIGTERM and SIGINT drain it and end the process, the second one of
 * them at once; SIGHUP has it read its files again.
 */
final class NodeSignals implements AutoCloseable {
  private final RunningNode node;
  private final Console console;
  private final Signals signals = new Signals();
  private final AtomicInteger ends = new AtomicInteger();
  private final Thread hook = new Thread(this::end, "culvert-drain");
  private boolean hooked;

  NodeSignals(RunningNode node, Console console) {
    this.node = node;
    this.console = console;
  }

  /** Takes them from now on. */
  void take() {
    signals.on("HUP", node::renew);
    boolean interrupts = signals.on("INT", this::end);
    hooked = !signals.on("TERM", this::end) || !interrupts;
    if (hooked) {
      Runtime.getRuntime().addShutdownHook(hook);
    }
  }

  private void end() {
    if (ends.getAndIncrement() == 0) {
      console
          .environment("NOTIFY_SOCKET")
          .ifPresent(manager -> ServiceNotice.send(manager, ServiceNotice.STOPPING));
      node.drain();
    } else {
      console.say("ended at once: a second signal came");
    }
    // Neither a signal nor a hook would end the process with the exit code of success.
    Runtime.getRuntime().halt(ExitCode.OK.number());
  }

  @Override
  public void close() {
    signals.close();
    if (hooked) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
