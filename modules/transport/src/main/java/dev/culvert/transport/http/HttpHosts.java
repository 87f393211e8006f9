package dev.culvert.transport.http;

import dev.culvert.sansio.IpLiterals;
import java.util.Locale;
import java.util.Set;

/**
 * By which names a service may be asked (RFC 9110 §7.2). A page of a stranger can point a name of
 * its own at any address and have a browser ask there (DNS rebinding); what it cannot do is to make
 * the browser name another host.
 */
@FunctionalInterface
public interface HttpHosts {
  /** Any name, for what all the world may see. */
  HttpHosts ANY = host -> true;

  /**
   * Whether requests to this host are answered.
   *
   * @param host as the request names it, without port and brackets; empty where it names none
   */
  boolean accepts(String host);

  /** IP addresses, {@code localhost}, these names, and none at all, which no browser leaves out. */
  static HttpHosts addressesAnd(Set<String> names) {
    Set<String> known = Set.copyOf(names.stream().map(HttpHosts::plain).toList());
    return host ->
        host.isEmpty()
            || IpLiterals.parse(host).isPresent()
            || plain(host).equals("localhost")
            || plain(host).endsWith(".localhost")
            || known.contains(plain(host));
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
