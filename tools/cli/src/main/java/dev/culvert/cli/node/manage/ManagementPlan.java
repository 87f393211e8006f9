package dev.culvert.cli.node.manage;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.node.ListenAddress;
import dev.culvert.sansio.TransportAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * What the management address will be.
 *
 * @param address where
 * @param names by which it may be asked, beside addresses and localhost
 * @param tokenFile where the token goes; empty: allocations are not shown
 */
public record ManagementPlan(
    TransportAddress address, Set<String> names, Optional<Path> tokenFile) {
  /** Where it is unless somebody says otherwise. */
  public static final int PORT = 9478;

  /** Copies the names. */
  public ManagementPlan {
    names = Set.copyOf(names);
  }

  /**
   * What the options ask for; empty: no management address.
   *
   * @param console is warned of what strangers could see
   * @throws Fault if they make no sense
   */
  public static Optional<ManagementPlan> of(ManagementOptions options, Console console) {
    if (options.address == null) {
      if (options.tokenFile != null || !options.names.isEmpty()) {
        String option = options.tokenFile != null ? "--management-token-file" : "--management-name";
        throw Fault.usage(
            option + " without --management", "add --management 127.0.0.1, or leave it out");
      }
      return Optional.empty();
    }
    TransportAddress address = ListenAddress.parse("--management", options.address, PORT);
    if (!address.ip().isLoopbackAddress()) {
      console.tell(
          "warning: --management "
              + address
              + " shows metrics and status to whoever reaches it, unencrypted; let a firewall"
              + " decide who does, or use 127.0.0.1");
    }
    return Optional.of(
        new ManagementPlan(
            address, Set.copyOf(options.names), Optional.ofNullable(options.tokenFile)));
  }
}
