package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.node.manage.ManagementClient;
import dev.culvert.cli.node.manage.ManagementOptions;
import dev.culvert.cli.node.manage.ManagementPlan;
import dev.culvert.sansio.TransportAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which node is meant: options of every ctl command, or else the settings of the node itself. */
final class CtlTarget {
  /** Where the packaged service has them. */
  private static final String STANDARD_ADDRESS = "127.0.0.1";

  private static final Path STANDARD_TOKEN = Path.of("/run/culvert/management-token");

  @Option(
      names = "--management",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Where the node's management address is, port 9478 if left out (default: what the node's"
              + " settings say, or else 127.0.0.1).")
  private @Nullable String address;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "The node's --management-token-file (default: what the node's settings say, or else"
              + " /run/culvert/management-token).")
  private @Nullable Path tokenFile;

  /** A client of that node, for the command that was just parsed. */
  ManagementClient client(CommandSpec command, Console console) {
    String where = address;
    Path token = tokenFile;
    if (where == null || token == null) {
      ManagementOptions settings = settings(command, console);
      where = where != null ? where : settings.address();
      token = token != null ? token : settings.tokenFile();
    }
    TransportAddress parsed =
        ListenAddress.parse(
            "--management", where == null ? STANDARD_ADDRESS : where, ManagementPlan.PORT);
    return new ManagementClient(reachable(parsed), token == null ? STANDARD_TOKEN : token);
  }

  /** What listens on all addresses listens on loopback too. */
  private static TransportAddress reachable(TransportAddress address) {
    return address.ip().isAnyLocalAddress()
        ? new TransportAddress(
            ListenAddress.parse("--management", address.isIpv4() ? "127.0.0.1" : "::1", 0).ip(),
            address.port())
        : address;
  }

  private static ManagementOptions settings(CommandSpec command, Console console) {
    List<String> line = command.root().commandLine().getParseResult().originalArgs();
    CommandSpec node = command.parent().parent();
    NodeOptions options = ((NodeCommand) node.userObject()).options();
    NodeSettings.adopt(node, options, console);
    ManagementOptions found = options.management.copy();
    // To adopt them meant to parse another command line than this one.
    command.root().commandLine().parseArgs(line.toArray(String[]::new));
    console.optionsChanged();
    return found;
  }
}
