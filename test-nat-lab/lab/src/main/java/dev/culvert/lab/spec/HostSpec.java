package dev.culvert.lab.spec;

import java.net.InetAddress;
import java.util.List;

/**
 * A machine that programs run on.
 *
 * @param name its name in the lab, a to z, 0 to 9 and hyphens, at most 12, a letter first
 * @param uplink {@link LabSpec#INTERNET} or the name of the router it stands behind
 * @param addresses its addresses; empty if the lab shall choose
 * @param perFamily how many the lab shall choose for IPv4 and for IPv6 each, 1 to 8
 * @param link what the line between host and uplink does
 */
public record HostSpec(
    String name, String uplink, List<InetAddress> addresses, int perFamily, LinkSpec link) {

  /** Copies the addresses and refuses bad names. */
  public HostSpec {
    LabSpec.checkName(name);
    addresses = List.copyOf(addresses);
    if (perFamily < 1 || perFamily > 8) {
      throw new IllegalArgumentException("a host has 1 to 8 addresses of a family");
    }
  }

  /** A host whose one address of each family the lab chooses. */
  public static HostSpec of(String name, String uplink) {
    return new HostSpec(name, uplink, List.of(), 1, LinkSpec.PERFECT);
  }

  /** The same behind another line. */
  public HostSpec withLink(LinkSpec value) {
    return new HostSpec(name, uplink, addresses, perFamily, value);
  }
}
