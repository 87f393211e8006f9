package dev.culvert.sansio;

/** A look-up in the DNS. */
public sealed interface Question {

  /**
   * The addresses of a host (A and AAAA). A name that ends in {@code .local} is asked on the links
   * of this machine and nowhere else, by multicast DNS (RFC 6762).
   *
   * @param host a DNS name or an IP literal
   */
  record Addresses(String host) implements Question {}

  /**
   * A service's hosts and ports (SRV, RFC 2782).
   *
   * @param name for example {@code _stun._udp.example.org}
   */
  record Services(String name) implements Question {}

  /**
   * Services on the links of this machine, found by multicast DNS (RFC 6763 §4). It takes a second
   * or two, since whoever is there may answer.
   *
   * @param type what is looked for, see {@link LocalService#type}
   */
  record LocalServices(String type) implements Question {}
}
