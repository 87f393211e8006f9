package dev.culvert.stun;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;

/** Reads an IPv4 address as a number. */
final class Ipv4 {
  /**
   * Whether this runtime makes an IPv4 address its own hash code, as OpenJDK always did: the one
   * way to read it without the copy that {@link InetAddress#getAddress} hands out.
   */
  private static final boolean HASH_IS_ADDRESS =
      IpLiterals.ofBytes(Bytes.of(192, 0, 2, 1)).hashCode() == 0xc0000201;

  private Ipv4() {}

  static int toInt(InetAddress ipv4) {
    return HASH_IS_ADDRESS ? ipv4.hashCode() : Bytes.wrap(ipv4.getAddress()).int32(0);
  }
}
