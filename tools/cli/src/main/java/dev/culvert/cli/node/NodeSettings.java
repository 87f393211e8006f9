package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.settings.EffectiveOption;
import dev.culvert.cli.settings.Origin;
import dev.culvert.cli.settings.Settings;
import dev.culvert.cli.settings.Variables;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/** A node's options from wherever they come, and the plan that they make. */
final class NodeSettings {
  private static final String VARIABLES = "CULVERT_NODE_";

  private final Settings settings;
  private final NodeOptions options;

  private NodeSettings(Settings settings, NodeOptions options) {
    this.settings = settings;
    this.options = options;
  }

  /**
   * Puts what file and environment say into {@code options}.
   *
   * @param command which was just parsed
   * @param options its mixin
   */
  static NodeSettings adopt(CommandSpec command, NodeOptions options, Console console) {
    Settings settings = Settings.adopt(command, new Variables(VARIABLES, console), console);
    settings
        .fileWithSecrets()
        .filter(OptionFile::isReadableByAll)
        .ifPresent(
            file ->
                console.tell(
                    "warning: "
                        + file
                        + " holds secrets and is readable by everybody; chmod o= "
                        + file));
    return new NodeSettings(settings, options);
  }

  /** What the options ask for; faults name the place that is to blame. */
  NodePlan plan(Console console) {
    try {
      refuseLone(List.of(options.relay, options.relayLimits), "relay", options.relay.relay);
      refuseLone(
          List.of(options.rendezvous, options.rendezvousLimits),
          "rendezvous",
          options.rendezvous.isOn());
      return NodePlan.of(options, machineAddresses(), console);
    } catch (Fault e) {
      throw located(e);
    }
  }

  /** The fault with the place that is to blame. */
  Fault located(Fault fault) {
    return settings.located(fault);
  }

  NodeOptions options() {
    return options;
  }

  /** Every option with what holds for it. */
  List<EffectiveOption> effective() {
    return settings.effective();
  }

  /** Whoever limits a relay that there is not forgot to ask for one, unless he turned it off. */
  private void refuseLone(List<Object> groups, String what, boolean isOn) {
    Set<String> parts = new HashSet<>();
    for (Object group : groups) {
      parts.addAll(CommandSpec.forAnnotatedObject(group).optionsMap().keySet());
    }
    List<EffectiveOption> given =
        settings.effective().stream()
            .filter(option -> option.origin().kind() != Origin.Kind.DEFAULT)
            .filter(option -> parts.contains("--" + option.key()))
            .toList();
    if (!isOn && given.stream().noneMatch(option -> option.key().equals(what))) {
      given.stream()
          .findFirst()
          .ifPresent(
              option -> {
                throw Fault.usage(
                    "--" + option.key() + " without --" + what,
                    "add --" + what + ", or leave it out");
              });
    }
  }

  /** All addresses of this machine's interfaces; none if they cannot be told. */
  static List<InetAddress> machineAddresses() {
    try {
      return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses).toList();
    } catch (SocketException e) {
      LoggerFactory.getLogger(NodeSettings.class).debug("cannot list the local addresses", e);
      return List.of();
    }
  }
}
