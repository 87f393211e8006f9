package dev.culvert.cli.node;

import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServerConfig;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The {@code --limit-…} options of the relay. */
final class RelayLimitOptions {
  /** RFC 8656 §5 wants a nonce to live an hour at most. */
  private static final Duration LONGEST_NONCE = Duration.ofHours(1);

  @Option(
      names = "--limit-allocations",
      paramLabel = "N",
      description = "Allocations at once (default: ${DEFAULT-VALUE}).")
  private int allocations = TurnLimits.STANDARD.allocations();

  @Option(
      names = "--limit-user-allocations",
      paramLabel = "N",
      description = "The same for one user; 0: no limit (default: ${DEFAULT-VALUE}).")
  private int userAllocations = TurnLimits.STANDARD.allocationsPerUser();

  @Option(
      names = "--limit-prefix-allocations",
      paramLabel = "N",
      description =
          "The same for the clients of one network, an IPv4 /24 or IPv6 /56; 0: no limit (default:"
              + " ${DEFAULT-VALUE}).")
  private int prefixAllocations = TurnLimits.STANDARD.allocationsPerPrefix();

  @Option(
      names = "--limit-user-bandwidth",
      paramLabel = "RATE",
      converter = BandwidthConverter.class,
      description =
          "What one user may relay, both ways together, such as 10mbit; 0: no limit (default: no"
              + " limit).")
  private long userBandwidth = TurnLimits.STANDARD.bandwidthPerUser();

  @Option(
      names = "--limit-prefix-bandwidth",
      paramLabel = "RATE",
      converter = BandwidthConverter.class,
      description = "The same for the clients of one network (default: no limit).")
  private long prefixBandwidth = TurnLimits.STANDARD.bandwidthPerPrefix();

  @Option(
      names = "--limit-permissions",
      paramLabel = "N",
      description = "Permissions of one allocation at once (default: ${DEFAULT-VALUE}).")
  private int permissions = TurnLimits.STANDARD.permissions();

  @Option(
      names = "--limit-peer-connections",
      paramLabel = "N",
      description =
          "TCP connections with peers that one allocation has at once, RFC 6062 (default:"
              + " ${DEFAULT-VALUE}).")
  private int peerConnections = TurnLimits.STANDARD.connections();

  @Option(
      names = "--limit-lifetime",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "The longest that an allocation stands without a refresh (default: 1h).")
  Duration lifetime = TurnServerConfig.STANDARD_MAX_LIFETIME;

  @Option(
      names = "--nonce-lifetime",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description =
          "How long a client may answer the same challenge, 1s to 1h; then it gets another"
              + " (default: 1h).")
  private Duration nonceLifetime = LONGEST_NONCE;

  /** How long a nonce is taken. */
  Duration nonceLifetime() {
    if (nonceLifetime.toSeconds() < 1 || nonceLifetime.compareTo(LONGEST_NONCE) > 0) {
      throw Fault.usage("--nonce-lifetime is not 1s to 1h", "give 1h, or less for more security");
    }
    return nonceLifetime;
  }

  TurnLimits limits() {
    LimitFault.unless("--limit-allocations", () -> with(allocations, 0, 0, 1, 1));
    LimitFault.unless("--limit-user-allocations", () -> with(1, userAllocations, 0, 1, 1));
    LimitFault.unless("--limit-prefix-allocations", () -> with(1, 0, prefixAllocations, 1, 1));
    LimitFault.unless("--limit-permissions", () -> with(1, 0, 0, permissions, 1));
    LimitFault.unless("--limit-peer-connections", () -> with(1, 0, 0, 1, peerConnections));
    return with(allocations, userAllocations, prefixAllocations, permissions, peerConnections);
  }

  private TurnLimits with(int all, int perUser, int perPrefix, int permitted, int connected) {
    return new TurnLimits(
        all, perUser, perPrefix, permitted, connected, userBandwidth, prefixBandwidth);
  }
}
