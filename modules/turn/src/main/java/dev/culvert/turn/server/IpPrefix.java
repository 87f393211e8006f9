package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses as CIDR writes it (RFC 4632).
 *
 * @param network its lowest address, 4 or 16 bytes
 * @param length the bits that all its addresses share
 */
public record IpPrefix(Bytes network, int length) {
  /** Refuses lengths out of range and bits beyond the length. */
  public IpPrefix {
    if (network.length() != 4 && network.length() != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + network.length());
    }
    if (length < 0 || length > 8 * network.length()) {
      throw new IllegalArgumentException(
          "a prefix length is 0 to " + 8 * network.length() + ", not " + length);
    }
    if (!network.equals(masked(network, length))) {
      throw new IllegalArgumentException(
          IpLiterals.format(IpLiterals.ofBytes(masked(network, length)), false)
              + "/"
              + length
              + " is where the range begins");
    }
  }

  /**
   * The range that {@code text} spells, {@code 192.0.2.0/24} or {@code 2001:db8::/32}; an address
   * alone stands for itself. IPv4-mapped IPv6 addresses have no ranges of their own.
   *
   * @return empty if it is no address with a length in range
   * @throws IllegalArgumentException if bits are set beyond the length; the message says which
   *     range was meant
   */
  public static Optional<IpPrefix> parse(String text) {
    int slash = text.indexOf('/');
    Optional<InetAddress> address = IpLiterals.parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    Bytes network = Bytes.wrap(address.get().getAddress());
    if (slash < 0) {
      return Optional.of(new IpPrefix(network, 8 * network.length()));
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(bits) > 8 * network.length()) {
      return Optional.empty();
    }
    return Optional.of(new IpPrefix(network, Integer.parseInt(bits)));
  }

  /** Whether it is a range of IPv4. */
  public boolean isIpv4() {
    return network.length() == 4;
  }

  /** Whether the range holds {@code address}, 4 or 16 bytes. */
  public boolean contains(Bytes address) {
    if (address.length() != network.length()) {
      return false;
    }
    int whole = length / 8;
    for (int i = 0; i < whole; i++) {
      if (address.at(i) != network.at(i)) {
        return false;
      }
    }
    // Of a byte that the range cuts through, the high bits count.
    return length % 8 == 0 || (address.at(whole) ^ network.at(whole)) >> (8 - length % 8) == 0;
  }

  /** Whether the range holds {@code address}. */
  public boolean contains(InetAddress address) {
    return contains(Bytes.wrap(address.getAddress()));
  }

  private static Bytes masked(Bytes address, int length) {
    byte[] bytes = address.toByteArray();
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.max(0, Math.min(8, length - 8 * i));
      bytes[i] &= (byte) (0xff00 >> kept);
    }
    return Bytes.wrap(bytes);
  }

  /** {@code 192.0.2.0/24}. */
  @Override
  public String toString() {
    return IpLiterals.format(IpLiterals.ofBytes(network), false) + "/" + length;
  }
}
