package dev.culvert.sansio;

import java.net.InetAddress;
import java.util.List;

/** The answer to a {@link Question}. */
public sealed interface Answer {

  /**
   * A host's addresses.
   *
   * @param ips at least one, in the resolver's order
   */
  record Addresses(List<InetAddress> ips) implements Answer {
    /** Copies the list. */
    public Addresses {
      ips = List.copyOf(ips);
    }
  }

  /**
   * A service's records.
   *
   * @param services at least one, in the resolver's order
   */
  record Services(List<Service> services) implements Answer {
    /** Copies the list. */
    public Services {
      services = List.copyOf(services);
    }
  }

  /**
   * One SRV record (RFC 2782).
   *
   * @param priority lower comes first, 0 to 65535
   * @param weight share among those of one priority, 0 to 65535
   * @param port 0 to 65535
   * @param target the host; {@code .} says that the service is not offered
   */
  record Service(int priority, int weight, int port, String target) {}

  /** The name exists in no form that was asked for: an authoritative no. */
  record NotFound() implements Answer {}

  /**
   * Nobody could say.
   *
   * @param detail one line for people
   */
  record Failed(String detail) implements Answer {}
}
