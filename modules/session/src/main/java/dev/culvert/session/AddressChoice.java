package dev.culvert.session;

import dev.culvert.sansio.IpLiterals;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an {@link AddressFilter} chose.
 *
 * @param used what is used, perhaps nothing
 * @param leftOut the others, and why
 */
public record AddressChoice(List<LocalAddress> used, List<LeftOut> leftOut) {
  /** Copies the lists. */
  public AddressChoice {
    used = List.copyOf(used);
    leftOut = List.copyOf(leftOut);
  }

  /** One line for each address: {@code eth0 192.0.2.1 used}, or why it is not. */
  public List<String> lines() {
    return Stream.concat(
            used.stream().map(address -> named(address) + " used"),
            leftOut.stream().map(LeftOut::toString))
        .toList();
  }

  static String named(LocalAddress address) {
    String ip = IpLiterals.format(address.ip(), false);
    return address.interfaceName().isEmpty() ? ip : address.interfaceName() + " " + ip;
  }
}
