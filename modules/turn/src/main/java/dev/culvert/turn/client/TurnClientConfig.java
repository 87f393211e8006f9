package dev.culvert.turn.client;

import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import java.time.Duration;
import java.util.Optional;

/**
 * Which relay a client uses, and how.
 *
 * @param server its address
 * @param transport how the client speaks to it
 * @param identity who it must prove to be; needed by TLS and DTLS, of no use to the others
 * @param local the address to speak from; empty for the system's choice, port 0 for a fresh one
 * @param credential name and password
 * @param families of which IP versions relayed addresses are wanted
 * @param lifetime for how long at a time; empty for what the server gives
 * @param keepalive how often the client asks the server for a sign of life, so that NATs on the way
 *     do not forget it and a path or allocation that is gone is noticed; 1 s or more, 15 to 25 s do
 *     well
 * @param reallocates whether the client gets another allocation after it lost one, again and again
 *     until it is closed or told that it will never get one
 */
public record TurnClientConfig(
    TransportAddress server,
    Transport transport,
    Optional<ServerIdentity> identity,
    Optional<TransportAddress> local,
    LongTermCredential credential,
    RelayedFamilies families,
    Optional<Duration> lifetime,
    Duration keepalive,
    boolean reallocates) {
  /** Often enough for nearly every NAT (RFC 8445 §11). */
  public static final Duration STANDARD_KEEPALIVE = Duration.ofSeconds(15);

  /** Refuses what makes no sense together. */
  public TurnClientConfig {
    if (server.port() == 0) {
      throw new IllegalArgumentException(server + " has no port to speak to");
    }
    if (transport.isSecure() && identity.isEmpty()) {
      throw new IllegalArgumentException(transport + " needs to know who the server must be");
    }
    if (local.isPresent() && local.get().isIpv4() != server.isIpv4()) {
      throw new IllegalArgumentException(local.get() + " and " + server + " differ in IP version");
    }
    if (lifetime.isPresent() && lifetime.get().toSeconds() < 1) {
      throw new IllegalArgumentException("a lifetime of " + lifetime.get() + " is none");
    }
    if (keepalive.toSeconds() < 1) {
      throw new IllegalArgumentException("no NAT forgets within " + keepalive);
    }
  }

  /** A client in the clear, with everything as usual. */
  public static TurnClientConfig of(
      TransportAddress server, Transport transport, LongTermCredential credential) {
    return make(server, transport, Optional.empty(), credential);
  }

  /** A client over TLS or DTLS, with everything as usual. */
  public static TurnClientConfig secure(
      TransportAddress server,
      Transport transport,
      ServerIdentity identity,
      LongTermCredential credential) {
    return make(server, transport, Optional.of(identity), credential);
  }

  private static TurnClientConfig make(
      TransportAddress server,
      Transport transport,
      Optional<ServerIdentity> identity,
      LongTermCredential credential) {
    return new TurnClientConfig(
        server,
        transport,
        identity,
        Optional.empty(),
        credential,
        RelayedFamilies.IPV4,
        Optional.empty(),
        STANDARD_KEEPALIVE,
        false);
  }

  /** The same from an address of this host. */
  public TurnClientConfig from(TransportAddress newLocal) {
    return new TurnClientConfig(
        server,
        transport,
        identity,
        Optional.of(newLocal),
        credential,
        families,
        lifetime,
        keepalive,
        reallocates);
  }

  /** The same with relayed addresses of other IP versions. */
  public TurnClientConfig withFamilies(RelayedFamilies newFamilies) {
    return new TurnClientConfig(
        server,
        transport,
        identity,
        local,
        credential,
        newFamilies,
        lifetime,
        keepalive,
        reallocates);
  }

  /** The same with a lifetime of its own. */
  public TurnClientConfig withLifetime(Duration newLifetime) {
    return new TurnClientConfig(
        server,
        transport,
        identity,
        local,
        credential,
        families,
        Optional.of(newLifetime),
        keepalive,
        reallocates);
  }

  /** The same that asks for signs of life more or less often. */
  public TurnClientConfig withKeepalive(Duration newKeepalive) {
    return new TurnClientConfig(
        server,
        transport,
        identity,
        local,
        credential,
        families,
        lifetime,
        newKeepalive,
        reallocates);
  }

  /** The same that gets another allocation whenever it lost one. */
  public TurnClientConfig withReallocation() {
    return new TurnClientConfig(
        server, transport, identity, local, credential, families, lifetime, keepalive, true);
  }

  /** The same toward another server. */
  TurnClientConfig at(TransportAddress newServer, Optional<ServerIdentity> newIdentity) {
    return new TurnClientConfig(
        newServer,
        transport,
        newIdentity,
        local,
        credential,
        families,
        lifetime,
        keepalive,
        reallocates);
  }
}
