package dev.culvert.lab.spec;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A router, NAT or firewall with hosts or further routers behind it.
 *
 * @param name its name in the lab, a to z, 0 to 9 and hyphens, at most 12, a letter first
 * @param uplink {@link LabSpec#INTERNET} or the name of the router it stands behind
 * @param behaviour what it does to packets
 * @param outside its IPv4 address towards the uplink; empty if the lab shall choose
 * @param inside the IPv4 range behind it; empty if the lab shall choose
 * @param link what the line between router and uplink does
 */
public record RouterSpec(
    String name,
    String uplink,
    NatBehaviour behaviour,
    Optional<InetAddress> outside,
    Optional<Prefix> inside,
    LinkSpec link) {

  /** Refuses bad names and addresses that are not IPv4. */
  public RouterSpec {
    LabSpec.checkName(name);
    if (outside.isPresent() && outside.get().getAddress().length != 4) {
      throw new IllegalArgumentException("the outside address of " + name + " is not IPv4");
    }
    if (inside.isPresent() && (!inside.get().isIpv4() || inside.get().length() > 30)) {
      throw new IllegalArgumentException(
          "the range inside " + name + " is not IPv4 with room for a router and a host");
    }
  }

  /** A router whose addresses the lab chooses. */
  public static RouterSpec of(String name, String uplink, NatBehaviour behaviour) {
    return new RouterSpec(
        name, uplink, behaviour, Optional.empty(), Optional.empty(), LinkSpec.PERFECT);
  }

  /** The same behind another line. */
  public RouterSpec withLink(LinkSpec value) {
    return new RouterSpec(name, uplink, behaviour, outside, inside, value);
  }
}
