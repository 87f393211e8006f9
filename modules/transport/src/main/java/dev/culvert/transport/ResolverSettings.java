package dev.culvert.transport;

import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import javax.naming.Context;
import javax.naming.NamingException;
import javax.naming.directory.InitialDirContext;

/**
 * Whom to ask about names, and how short names are completed.
 *
 * @param nameServers in the order to ask; never a server that nobody configured
 * @param searchDomains what is appended to short names, in order
 * @param ndots how many dots a name needs to be tried as it is first
 */
record ResolverSettings(
    List<InetSocketAddress> nameServers, List<String> searchDomains, int ndots) {
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final int DNS_PORT = 53;
  private static final int MOST_SERVERS = 3;

  ResolverSettings {
    nameServers = List.copyOf(nameServers);
    searchDomains = List.copyOf(searchDomains);
  }

  /** The system's settings as they are now; reads files, so not for an event loop. */
  static ResolverSettings ofSystem() {
    try {
      return parse(Files.readAllLines(RESOLV_CONF, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return new ResolverSettings(ofJndi(), List.of(), 1);
    }
  }

  /** Reads the lines of a {@code resolv.conf}; what it does not know it passes over. */
  static ResolverSettings parse(List<String> lines) {
    List<InetSocketAddress> servers = new ArrayList<>();
    List<String> search = new ArrayList<>();
    int ndots = 1;
    for (String line : lines) {
      String[] words = line.trim().split("\\s+", -1);
      switch (words[0]) {
        case "nameserver" -> {
          if (words.length > 1 && servers.size() < MOST_SERVERS) {
            address(words[1]).ifPresent(ip -> servers.add(new InetSocketAddress(ip, DNS_PORT)));
          }
        }
        case "search", "domain" -> {
          search.clear();
          search.addAll(List.of(words).subList(1, words.length));
          search.remove(".");
        }
        case "options" -> {
          for (String word : words) {
            if (word.matches("ndots:\\d{1,2}")) {
              ndots = Math.min(Integer.parseInt(word.substring(6)), 15);
            }
          }
        }
        default -> {}
      }
    }
    return new ResolverSettings(servers, search, ndots);
  }

  private static Optional<InetAddress> address(String text) {
    int zone = text.indexOf('%');
    if (zone < 0) {
      return IpLiterals.parse(text);
    }
    Optional<InetAddress> ip = IpLiterals.parse(text.substring(0, zone));
    if (ip.isEmpty()) {
      return ip;
    }
    try {
      NetworkInterface scope = NetworkInterface.getByName(text.substring(zone + 1));
      return scope == null
          ? Optional.empty()
          : Optional.of(Inet6Address.getByAddress(null, ip.get().getAddress(), scope));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where there is no {@code resolv.conf}, above all on Windows, the JDK asks the system. */
  @SuppressWarnings("JdkObsolete") // JNDI takes nothing newer.
  static List<InetSocketAddress> ofJndi() {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, "dns://");
    List<InetSocketAddress> servers = new ArrayList<>();
    try {
      InitialDirContext context = new InitialDirContext(environment);
      try {
        Object urls = context.getEnvironment().get(Context.PROVIDER_URL);
        for (String url : String.valueOf(urls).split(" ", -1)) {
          address(url.replaceFirst("^dns://", "").replaceAll("[\\[\\]/]|:53$", ""))
              .ifPresent(ip -> servers.add(new InetSocketAddress(ip, DNS_PORT)));
        }
      } finally {
        context.close();
      }
    } catch (NamingException e) {
      return List.of();
    }
    return servers;
  }

  /** The names to try for {@code host}, in order, each without a dot at its end. */
  List<String> candidates(String host) {
    if (host.endsWith(".")) {
      return List.of(host.substring(0, host.length() - 1));
    }
    List<String> candidates = new ArrayList<>();
    for (String domain : searchDomains) {
      candidates.add(host + "." + domain);
    }
    boolean longEnough = host.chars().filter(c -> c == '.').count() >= ndots;
    candidates.add(longEnough ? 0 : candidates.size(), host);
    return candidates;
  }
}
