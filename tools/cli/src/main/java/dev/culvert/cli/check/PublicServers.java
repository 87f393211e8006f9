package dev.culvert.cli.check;

import java.util.List;

/**
 * The public servers that are asked where no other is named: long-lived ones of several operators,
 * so that no one of them sees all or can lead astray, among them some that offer RFC 5780.
 */
public final class PublicServers {
  /** As people would write them. */
  public static final List<String> ALL =
      List.of(
          "stunserver2025.stunprotocol.org:3478",
          "stun.nextcloud.com:443",
          "stun.cloudflare.com:3478",
          "stun.l.google.com:19302");

  private PublicServers() {}
}
