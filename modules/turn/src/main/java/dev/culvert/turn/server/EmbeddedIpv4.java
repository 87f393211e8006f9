package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;

/** The IPv4 addresses that IPv6 addresses of a known form lead to. */
final class EmbeddedIpv4 {
  private static final Bytes MAPPED = Bytes.hex("00000000000000000000ffff");
  private static final Bytes TRANSLATED = Bytes.hex("0000000000000000ffff0000");
  private static final Bytes COMPATIBLE = Bytes.hex("000000000000000000000000");
  private static final Bytes NAT64 = Bytes.hex("0064ff9b0000000000000000");
  private static final Bytes SIX_TO_FOUR = Bytes.hex("2002");
  private static final Bytes TEREDO = Bytes.hex("20010000");

  private EmbeddedIpv4() {}

  /** Whether it is IPv4-mapped (RFC 4291 §2.5.5.2), which no packet on a wire is. */
  static boolean isMapped(Bytes address) {
    return address.length() == 16 && address.startsWith(MAPPED);
  }

  /**
   * The address within: that of the last four bytes (RFC 4291 §2.5.5, RFC 6052 §2.1, RFC 2765
   * §2.1), of 6to4 (RFC 3056 §2), or of Teredo's client (RFC 4380 §4); empty if there is none.
   */
  static Bytes of(Bytes address) {
    if (address.length() != 16) {
      return Bytes.empty();
    }
    if (address.startsWith(NAT64)
        || (address.startsWith(COMPATIBLE) && address.at(12) != 0) // :: and ::1 are themselves
        || address.startsWith(TRANSLATED)
        || address.startsWith(MAPPED)) {
      return address.slice(12);
    }
    if (address.startsWith(SIX_TO_FOUR)) {
      return address.slice(2, 6);
    }
    if (address.startsWith(TEREDO)) {
      return Bytes.of(~address.at(12), ~address.at(13), ~address.at(14), ~address.at(15));
    }
    return Bytes.empty();
  }
}
