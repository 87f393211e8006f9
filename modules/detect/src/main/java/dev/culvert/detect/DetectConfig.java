package dev.culvert.detect;

import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a detection engine is to measure.
 *
 * @param servers whom to ask, at least one; the first eight addresses per IP family are used
 * @param interfaces where to measure from; empty for the address the system would choose
 * @param families the versions of IP to look at, at least one
 * @param full whether to run the slow tests too: mapping lifetime, large and fragmented requests,
 *     distant filters
 * @param deadline when the quick tests must be done, counted from the first call; 3 s unless said
 *     otherwise
 * @param longestSilence the longest silence the lifetime test tries; 5 min unless said otherwise
 * @param gateways routers on the way out to ask for their outside address over NAT-PMP (RFC 6886)
 * @param statements what routers have said by other means
 */
public record DetectConfig(
    List<DetectServer> servers,
    List<LocalInterface> interfaces,
    Set<IpFamily> families,
    boolean full,
    Duration deadline,
    Duration longestSilence,
    List<InetAddress> gateways,
    List<GatewayStatement> statements) {

  /** Copies the collections; refuses a configuration with nothing to do. */
  public DetectConfig {
    servers = List.copyOf(servers);
    interfaces = List.copyOf(interfaces);
    families = Set.copyOf(families);
    gateways = List.copyOf(gateways);
    statements = List.copyOf(statements);
    if (servers.isEmpty() || families.isEmpty()) {
      throw new IllegalArgumentException("without a server and an IP family nothing is measured");
    }
    if (deadline.isNegative() || deadline.isZero() || longestSilence.isNegative()) {
      throw new IllegalArgumentException("a duration is not positive");
    }
  }

  /**
   * The quick tests with these servers, over both families, from the system's choice of address.
   */
  public static DetectConfig of(List<DetectServer> servers) {
    return new DetectConfig(
        servers,
        List.of(),
        EnumSet.allOf(IpFamily.class),
        false,
        Duration.ofSeconds(3),
        Duration.ofMinutes(5),
        List.of(),
        List.of());
  }

  /** The same, from these addresses. */
  public DetectConfig from(List<LocalInterface> newInterfaces) {
    return new DetectConfig(
        servers, newInterfaces, families, full, deadline, longestSilence, gateways, statements);
  }

  /** The same, over these versions of IP. */
  public DetectConfig over(Set<IpFamily> newFamilies) {
    return new DetectConfig(
        servers, interfaces, newFamilies, full, deadline, longestSilence, gateways, statements);
  }

  /** The same with the slow tests; the lifetime test tries silences up to {@code longest}. */
  public DetectConfig withSlowTests(Duration longest) {
    return new DetectConfig(
        servers, interfaces, families, true, deadline, longest, gateways, statements);
  }

  /** The same, with the quick tests done by then. */
  public DetectConfig within(Duration newDeadline) {
    return new DetectConfig(
        servers, interfaces, families, full, newDeadline, longestSilence, gateways, statements);
  }

  /** The same, with these routers asked and those statements taken into account. */
  public DetectConfig asking(List<InetAddress> newGateways, List<GatewayStatement> newStatements) {
    return new DetectConfig(
        servers, interfaces, families, full, deadline, longestSilence, newGateways, newStatements);
  }
}
