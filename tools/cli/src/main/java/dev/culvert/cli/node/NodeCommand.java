package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.settings.ConfigFileOption;
import dev.culvert.transport.ServiceNotice;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code culvert node}. */
@Command(
    name = "node",
    header = "Runs a STUN server, and where asked a relay (TURN) and a rendezvous.",
    description = {
      "Answers STUN Binding requests over UDP and TCP, and over TLS and DTLS where asked. With a"
          + " second address of this machine (--alternate) it also serves 'culvert check' and other"
          + " RFC 5780 clients with all they need to diagnose a NAT.",
      "With --relay it also relays (TURN: UDP and TCP, IPv4 and IPv6) for those who have"
          + " credentials, to public addresses only unless told otherwise.",
      "With --rendezvous peers meet here: the node knows who is there, and carries sealed messages"
          + " between them that it can neither read nor alter.",
      "Prints one line on standard output once it answers: 'ready stun udp=ADDRESS:PORT,… tcp=…"
          + " tls=… dtls=… pin=sha256//… turn relay=ADDRESS,… ports=FIRST-LAST realm=REALM"
          + " management=ADDRESS:PORT rendezvous id=ID url=URL,… behind-proxy=ADDRESS:PORT'."
          + " SIGTERM and Ctrl-C drain it and end it with exit code 0, a second one at once. SIGHUP"
          + " has it read the files of certificate, users and secrets again, as it does on its own"
          + " when they change.",
      "Every option can stand in a file (--config) and in the environment; 'culvert node"
          + " check-config' tells what holds then, and where it comes from."
    },
    synopsisSubcommandLabel = "[COMMAND]",
    subcommands = {CheckConfigCommand.class, CtlCommand.class})
public final class NodeCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private NodeOptions options = new NodeOptions();

  @Mixin ConfigFileOption config = new ConfigFileOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** A command that speaks through {@code console}. */
  public NodeCommand(Console console) {
    this.console = console;
  }

  NodeOptions options() {
    return options;
  }

  @Override
  public Integer call() {
    NodeSettings settings = NodeSettings.adopt(spec, options, console);
    serve(RunningNode.start(settings.plan(console), console));
    return ExitCode.OK.number();
  }

  /** Until a signal or an interrupt. */
  private void serve(RunningNode node) {
    try (NodeSignals signals = new NodeSignals(node, console)) {
      signals.take();
      console.show(node.ready());
      console
          .environment("NOTIFY_SOCKET")
          .ifPresent(manager -> ServiceNotice.send(manager, ServiceNotice.READY));
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      node.drain();
    }
  }
}
