package dev.culvert.cli.check;

import dev.culvert.cli.Fault;
import dev.culvert.cli.server.ServerArgument;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.transport.Gateways;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which routers to ask for their own outside address. */
public final class GatewayOption {
  @Option(
      names = "--gateway",
      paramLabel = "ADDRESS",
      description =
          "Ask this router for its outside address (NAT-PMP), to find NATs behind NATs; may be"
              + " repeated; 'none' asks none (default: the default routes' routers).")
  private List<String> gateways = List.of();

  /**
   * The routers to ask.
   *
   * @throws Fault if one is no IP address
   */
  List<InetAddress> chosen(List<ServerArgument> servers) {
    if (!gateways.isEmpty()) {
      List<InetAddress> named = new ArrayList<>();
      for (String gateway : gateways) {
        if (!gateway.equals("none")) {
          named.add(
              IpLiterals.parse(gateway)
                  .orElseThrow(
                      () ->
                          Fault.usage(
                              "--gateway '" + gateway + "' is no IP address",
                              "write the router's address, or 'none'")));
        }
      }
      return named;
    }
    // Nothing on the way to servers on this very host would be behind a router.
    boolean stays =
        servers.stream()
            .allMatch(
                server -> server.literal().filter(InetAddress::isLoopbackAddress).isPresent());
    return stays
        ? List.of()
        : Gateways.all().stream().map(Gateways.Gateway::ip).distinct().limit(4).toList();
  }
}
