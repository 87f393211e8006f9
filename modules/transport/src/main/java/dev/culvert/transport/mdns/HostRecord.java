package dev.culvert.transport.mdns;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsMessage;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An address of a host as records carry it (RFC 1035 §3.4.1, RFC 3596 §2).
 *
 * @param name in its canonical form
 * @param ip A or AAAA
 * @param ttl how many seconds it may be remembered
 */
record HostRecord(String name, InetAddress ip, long ttl) {
  static final int INTERNET = 1;

  /** The top bit of a record's class: forget what else was known (RFC 6762 §10.2). */
  static final int CACHE_FLUSH = 0x8000;

  private static final DnsRecordType NSEC = DnsRecordType.valueOf(47);

  /** Those of a section that can be read. */
  static List<HostRecord> of(DnsMessage message, DnsSection section) {
    List<HostRecord> found = new ArrayList<>();
    for (int i = 0; i < message.count(section); i++) {
      if (message.recordAt(section, i) instanceof DnsRawRecord raw
          && (raw.dnsClass() & ~CACHE_FLUSH & 0xffff) == INTERNET) {
        byte[] bytes = ByteBufUtil.getBytes(raw.content());
        boolean ipv4 = raw.type().equals(DnsRecordType.A) && bytes.length == 4;
        boolean ipv6 = raw.type().equals(DnsRecordType.AAAA) && bytes.length == 16;
        if (ipv4 || ipv6) {
          InetAddress ip = IpLiterals.ofBytes(Bytes.wrap(bytes));
          if (ip instanceof Inet4Address == ipv4) {
            found.add(new HostRecord(LocalNames.canonical(raw.name()), ip, raw.timeToLive()));
          }
        }
      }
    }
    return found;
  }

  /** Whether it says this, and will for so many seconds. */
  boolean tells(String aName, InetAddress anIp, long seconds) {
    return name.equals(aName) && ip.equals(anIp) && ttl >= seconds;
  }

  static DnsRecordType type(InetAddress ip) {
    return ip instanceof Inet4Address ? DnsRecordType.A : DnsRecordType.AAAA;
  }

  DnsRecord encoded(int dnsClass) {
    return new DefaultDnsRawRecord(
        name + ".", type(ip), dnsClass, ttl, Unpooled.wrappedBuffer(ip.getAddress()));
  }

  /** Says that a name of one label below its domain has these addresses alone (RFC 6762 §6.1). */
  static DnsRecord nothingElse(String name, Collection<InetAddress> ips, long ttl) {
    ByteBuf data = Unpooled.buffer();
    for (String label : name.split("\\.", -1)) {
      data.writeByte(label.length());
      data.writeCharSequence(label, StandardCharsets.US_ASCII);
    }
    data.writeByte(0);
    boolean ipv4 = ips.stream().anyMatch(ip -> type(ip).equals(DnsRecordType.A));
    boolean ipv6 = ips.stream().anyMatch(ip -> type(ip).equals(DnsRecordType.AAAA));
    // RFC 4034 §4.1.2: block 0, the bitmap's length, one bit for each type from the left.
    data.writeByte(0).writeByte(ipv6 ? 4 : 1).writeByte(ipv4 ? 0x40 : 0);
    if (ipv6) {
      data.writeShort(0).writeByte(0x08);
    }
    return new DefaultDnsRawRecord(name + ".", NSEC, INTERNET | CACHE_FLUSH, ttl, data);
  }
}
