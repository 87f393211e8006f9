package dev.culvert.cli.node.external;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;

/**
 * How the world sees a local address.
 *
 * @param local one of this machine's, and the port that was tried
 * @param mapped what the STUN server saw
 * @param server it
 */
public record ExternalAddress(
    TransportAddress local, TransportAddress mapped, TransportAddress server) {

  /** The address to announce. */
  public InetAddress ip() {
    return mapped.ip();
  }

  /** Whether something between here and the server changes addresses. */
  public boolean isTranslated() {
    return !mapped.ip().equals(local.ip());
  }

  /** Whether the port is the same outside. */
  public boolean keepsPort() {
    return mapped.port() == local.port();
  }
}
