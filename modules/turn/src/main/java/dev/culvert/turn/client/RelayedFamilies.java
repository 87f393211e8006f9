package dev.culvert.turn.client;

import dev.culvert.stun.attribute.AdditionalAddressFamily;
import dev.culvert.stun.attribute.AddressFamily;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.RequestedAddressFamily;
import java.util.List;

/** Of which IP versions relayed addresses are asked for (RFC 8656 §7.1). */
public enum RelayedFamilies {
  /** One of IPv4, as every server has it. */
  IPV4,
  /** One of IPv6. */
  IPV6,
  /** One of each; the server may grant one of the two alone. */
  BOTH;

  /** What an Allocate request says; nothing for IPv4, which servers of RFC 5766 know alone. */
  List<Attribute> attributes() {
    return switch (this) {
      case IPV4 -> List.of();
      case IPV6 -> List.of(new RequestedAddressFamily(AddressFamily.IPV6));
      case BOTH -> List.of(new AdditionalAddressFamily(AddressFamily.IPV6));
    };
  }
}
