package dev.culvert.ice4j;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What an {@link Ice4jEngine} has to connect with, all of it over UDP.
 *
 * @param addresses of this host; each connection opens a socket on each
 * @param servers STUN servers, each asked from every address of its IP version
 * @param relays whom an allocation is asked of, from every address of their IP version
 * @param patience how long servers and relays may take before gathering ends without them
 */
public record Ice4jConfig(
    List<InetAddress> addresses,
    List<TransportAddress> servers,
    List<Ice4jRelay> relays,
    Duration patience) {
  /** As long as our own engine waits. */
  public static final Duration STANDARD_PATIENCE = Duration.ofSeconds(5);

  /** Copies the lists; refuses wildcards, whose replies would leave from who knows where. */
  public Ice4jConfig {
    addresses = List.copyOf(addresses);
    servers = List.copyOf(servers);
    relays = List.copyOf(relays);
    if (addresses.stream().anyMatch(InetAddress::isAnyLocalAddress)) {
      throw new IllegalArgumentException("a wildcard is no address to be reached at");
    }
    if (patience.isNegative() || patience.isZero()) {
      throw new IllegalArgumentException("patience is a positive time, not " + patience);
    }
  }

  /** These addresses, without any server. */
  public static Ice4jConfig of(List<InetAddress> addresses) {
    return new Ice4jConfig(addresses, List.of(), List.of(), STANDARD_PATIENCE);
  }

  /** The same with these STUN servers. */
  public Ice4jConfig asking(List<TransportAddress> others) {
    return new Ice4jConfig(addresses, others, relays, patience);
  }

  /** The same with these relays. */
  public Ice4jConfig relaying(List<Ice4jRelay> others) {
    return new Ice4jConfig(addresses, servers, others, patience);
  }

  /** The same with another patience. */
  public Ice4jConfig withPatience(Duration other) {
    return new Ice4jConfig(addresses, servers, relays, other);
  }
}
