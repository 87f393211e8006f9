package dev.culvert.cli.node;

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
    LimitFault.unless("--limit-rate", () -> new RateLimit(rate, 1, 24, 56));
    LimitFault.unless("--limit-burst", () -> new RateLimit(1, burst, 24, 56));
    LimitFault.unless("--limit-ipv4-prefix", () -> new RateLimit(1, 1, ipv4Prefix, 56));
    LimitFault.unless("--limit-ipv6-prefix", () -> new RateLimit(1, 1, 24, ipv6Prefix));
    return new RateLimit(rate, burst, ipv4Prefix, ipv6Prefix);
  }

  ConnectionLimits connections() {
    Duration idle = ConnectionLimits.STANDARD.idle();
    LimitFault.unless("--limit-connections", () -> with(connections, 1, idle));
    LimitFault.unless(
        "--limit-connections-per-network", () -> with(1, connectionsPerNetwork, idle));
    LimitFault.unless("--limit-idle", () -> with(1, 1, Duration.ofSeconds(idleSeconds)));
    return with(connections, connectionsPerNetwork, Duration.ofSeconds(idleSeconds));
  }

  private static ConnectionLimits with(int total, int perNetwork, Duration idle) {
    return new ConnectionLimits(total, perNetwork, idle, ConnectionLimits.STANDARD.handshake());
  }
}
