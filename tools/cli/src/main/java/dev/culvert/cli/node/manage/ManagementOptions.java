package dev.culvert.cli.node.manage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the management address. */
public final class ManagementOptions {
  @Option(
      names = "--management",
      paramLabel = "ADDRESS[:PORT]",
      description =
          "Where to show metrics, health and a status page over plain HTTP, port 9478 if left out"
              + " (default: nowhere at all). Whoever reaches it sees them: best 127.0.0.1.")
  @Nullable String address;

  @Option(
      names = "--management-name",
      paramLabel = "NAME",
      description =
          "A name by which browsers and monitoring may ask there, beside IP addresses and"
              + " localhost; may be repeated.")
  List<String> names = new ArrayList<>();

  @Option(
      names = "--management-token-file",
      paramLabel = "FILE",
      description =
          "Where the node writes the token that 'culvert node ctl' needs to list and drop"
              + " allocations, a new one at each start, readable by its own user alone (default:"
              + " allocations are not shown).")
  @Nullable Path tokenFile;

  /** The options, none given so far. */
  public ManagementOptions() {}

  /** The same, whatever becomes of this object. */
  public ManagementOptions copy() {
    ManagementOptions copy = new ManagementOptions();
    copy.address = address;
    copy.names = List.copyOf(names);
    copy.tokenFile = tokenFile;
    return copy;
  }

  /** Where the management address is; null: nowhere. */
  public @Nullable String address() {
    return address;
  }

  /** Where the token is; null: nowhere. */
  public @Nullable Path tokenFile() {
    return tokenFile;
  }
}
