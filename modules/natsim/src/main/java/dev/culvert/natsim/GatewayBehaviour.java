package dev.culvert.natsim;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What a router does to each family.
 *
 * @param nat44 how it translates IPv4; empty if it does not
 * @param wall4 how it filters IPv4 that it does not translate; empty for no IPv4
 * @param wall6 how it filters IPv6; empty for no IPv6
 * @param nat64 how it translates IPv6 to 64:ff9b::/96 into IPv4 (RFC 6146); empty if it does not
 * @param blackHole whether it says nothing of what is too big, nor lets others say it (RFC 2923
 *     §2.1)
 */
public record GatewayBehaviour(
    Optional<NatBehaviour> nat44,
    Optional<FirewallBehaviour> wall4,
    Optional<FirewallBehaviour> wall6,
    Optional<NatBehaviour> nat64,
    boolean blackHole) {

  /** Whether addresses of that family live outside of it as they do inside. */
  boolean announces(InetAddress ip) {
    return ip instanceof Inet4Address ? wall4.isPresent() : wall6.isPresent();
  }
}
