package dev.culvert.sansio;

/** A look-up in the DNS. */
public sealed interface Question {

  /**
   * The addresses of a host (A and AAAA).
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
}
