package dev.culvert.cli.node;

import dev.culvert.cli.Fault;
import dev.culvert.transport.server.ConnectionLimits;
import dev.culvert.transport.server.RateLimit;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The {@code --limit-…} options. */
final class LimitOptions {
  @Option(
      names = "--limit-rate",
      paramLabel = "N",
      description =
          "UDP responses per second to one network in the long run; 0: no limit (default:"
              + " ${DEFAULT-VALUE}). Loopback is never limited.")
  private int rate = RateLimit.STANDARD.perSecond();

  @Option(
      names = "--limit-burst",
      paramLabel = "N",
      description =
          "UDP responses at once to a network that was quiet (default: ${DEFAULT-VALUE}).")
  private int burst = RateLimit.STANDARD.burst();

  @Option(
      names = "--limit-ipv4-prefix",
      paramLabel = "BITS",
      description = "What counts as one network, 8 to 32 (default: ${DEFAULT-VALUE}).")
  private int ipv4Prefix = RateLimit.STANDARD.ipv4Prefix();

  @Option(
      names = "--limit-ipv6-prefix",
      paramLabel = "BITS",
      description = "The same for IPv6, 16 to 64 (default: ${DEFAULT-VALUE}).")
  private int ipv6Prefix = RateLimit.STANDARD.ipv6Prefix();

  @Option(
      names = "--limit-connections",
      paramLabel = "N",
      description = "TCP and TLS connections at once (default: ${DEFAULT-VALUE}).")
  private int connections = ConnectionLimits.STANDARD.total();

  @Option(
      names = "--limit-connections-per-network",
      paramLabel = "N",
      description = "The same from one network (default: ${DEFAULT-VALUE}).")
  private int connectionsPerNetwork = ConnectionLimits.STANDARD.perPrefix();

  @Option(
      names = "--limit-idle",
      paramLabel = "SECONDS",
      description =
          "A connection that brings no complete request for this long is closed (default:"
              + " ${DEFAULT-VALUE}).")
  private long idleSeconds = ConnectionLimits.STANDARD.idle().toSeconds();

  RateLimit rate() {
    try {
      return new RateLimit(rate, burst, ipv4Prefix, ipv6Prefix);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          String.valueOf(e.getMessage()), "see the --limit options in culvert node --help");
    }
  }

  ConnectionLimits connections() {
    try {
      return new ConnectionLimits(
          connections,
          connectionsPerNetwork,
          Duration.ofSeconds(idleSeconds),
          ConnectionLimits.STANDARD.handshake());
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          String.valueOf(e.getMessage()), "see the --limit options in culvert node --help");
    }
  }
}
