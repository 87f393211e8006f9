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

  /**
   * What was found on the links of this machine. Whoever is on a link can claim anything.
   *
   * @param found at least one, at most 64, in no order that means anything
   */
  record LocalServices(List<Found> found) implements Answer {
    /** Copies the list. */
    public LocalServices {
      found = List.copyOf(found);
    }
  }

  /**
   * A service that somebody on a link announces.
   *
   * @param service what is said of it
   * @param ips where it is, at least one
   */
  record Found(LocalService service, List<InetAddress> ips) {
    /** Copies the list. */
    public Found {
      ips = List.copyOf(ips);
    }
  }

  /** The name exists in no form that was asked for: an authoritative no. */
  record NotFound() implements Answer {}

  /**
   * Nobody could say.
   *
   * @param detail one line for people
   */
  record Failed(String detail) implements Answer {}
}
