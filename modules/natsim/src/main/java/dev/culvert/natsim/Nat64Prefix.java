package dev.culvert.natsim;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;

/** 64:ff9b::/96, where IPv4 lives in IPv6 (RFC 6052 §2.1). */
final class Nat64Prefix {
  private static final Bytes PREFIX = Bytes.hex("0064ff9b 0000000000000000");

  private Nat64Prefix() {}

  static boolean covers(InetAddress ip) {
    return Bytes.wrap(ip.getAddress()).startsWith(PREFIX);
  }

  static InetAddress embed(InetAddress ipv4) {
    return IpLiterals.ofBytes(PREFIX.concat(Bytes.wrap(ipv4.getAddress())));
  }

  static TransportAddress embed(TransportAddress ipv4) {
    return new TransportAddress(embed(ipv4.ip()), ipv4.port());
  }

  static TransportAddress extract(TransportAddress ipv6) {
    Bytes bytes = Bytes.wrap(ipv6.ip().getAddress());
    return new TransportAddress(IpLiterals.ofBytes(bytes.slice(PREFIX.length())), ipv6.port());
  }
}
