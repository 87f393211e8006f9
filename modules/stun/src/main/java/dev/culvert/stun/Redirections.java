package dev.culvert.stun;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.ErrorCode;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Follows servers that say "try another" (300, ALTERNATE-SERVER; RFC 8489 §10) without being sent
 * in circles. One for each request and its repetitions; confined to the engine's thread.
 *
 * <p>Whoever uses it must have proven the response's integrity first (RFC 8489 §14.8): {@link
 * LongTermClient} and {@link ShortTermCredential} do.
 */
public final class Redirections {
  /** How long a server that was asked is not asked again. */
  public static final Duration MEMORY = Duration.ofMinutes(5);

  private static final int MAX_SERVERS = 16;

  private final Map<TransportAddress, MonotonicTime> asked = new HashMap<>();

  /**
   * Where to go instead.
   *
   * @param server the address, to be asked over the same transport with the same credentials
   * @param domain what its certificate must be for; empty for what the first server's was for
   */
  public record Alternate(TransportAddress server, Optional<String> domain) {

    /** Whom to expect there over TLS or DTLS. A pinned key stays pinned. */
    public ServerIdentity identity(ServerIdentity before) {
      return before instanceof ServerIdentity.HostName && domain.isPresent()
          ? new ServerIdentity.HostName(domain.get())
          : before;
    }
  }

  /** Nothing asked yet. */
  public Redirections() {}

  /** Notes that the request goes to {@code server}. */
  public void asking(TransportAddress server, MonotonicTime now) {
    asked.values().removeIf(then -> now.since(then).compareTo(MEMORY) >= 0);
    asked.put(server, now);
  }

  /**
   * Reads a response.
   *
   * @return empty if it is no redirection, names no server of this family or none that was not
   *     asked within the last five minutes, or the chain grows too long: the transaction failed
   */
  public Optional<Alternate> follow(
      StunMessage response, TransportAddress from, MonotonicTime now) {
    boolean redirected =
        response.error().filter(error -> error.code() == ErrorCode.TRY_ALTERNATE).isPresent();
    if (!redirected || asked.size() >= MAX_SERVERS) {
      return Optional.empty();
    }
    List<TransportAddress> named =
        response.all(AlternateServer.class).stream().map(AlternateServer::address).toList();
    Optional<String> domain = response.first(AlternateDomain.class).map(AlternateDomain::domain);
    return named.stream()
        .filter(server -> server.isIpv4() == from.isIpv4() && server.port() != 0)
        .findFirst()
        .filter(server -> !wasAsked(server, now))
        .map(server -> new Alternate(server, domain));
  }

  private boolean wasAsked(TransportAddress server, MonotonicTime now) {
    MonotonicTime then = asked.get(server);
    return then != null && now.since(then).compareTo(MEMORY) < 0;
  }
}
