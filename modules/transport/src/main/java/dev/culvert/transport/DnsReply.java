package dev.culvert.transport;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads what a name server answered (RFC 1035 §4.1, RFC 3596, RFC 2782). */
final class DnsReply {
  private static final int LONGEST_ALIAS_CHAIN = 16;

  private DnsReply() {}

  /** The addresses of {@code name}, also over aliases; what is garbled is passed over. */
  static List<InetAddress> addresses(DnsResponse response, String name, DnsRecordType type) {
    Set<String> owners = owners(response, name);
    List<InetAddress> addresses = new ArrayList<>();
    int length = type.equals(DnsRecordType.A) ? 4 : 16;
    for (DnsRawRecord record : records(response, type, owners)) {
      if (record.content().readableBytes() == length) {
        byte[] bytes = new byte[length];
        record.content().getBytes(record.content().readerIndex(), bytes);
        addresses.add(IpLiterals.ofBytes(Bytes.wrap(bytes)));
      }
    }
    return addresses;
  }

  /** The services of {@code name}, also over aliases; what is garbled is passed over. */
  static List<Answer.Service> services(DnsResponse response, String name) {
    List<Answer.Service> services = new ArrayList<>();
    for (DnsRawRecord record : records(response, DnsRecordType.SRV, owners(response, name))) {
      ByteBuf content = record.content().duplicate();
      if (content.readableBytes() > 6) {
        int priority = content.readUnsignedShort();
        int weight = content.readUnsignedShort();
        int port = content.readUnsignedShort();
        String target = DefaultDnsRecordDecoder.decodeName(content);
        services.add(
            new Answer.Service(
                priority, weight, port, target.equals(".") ? target : withoutDot(target)));
      }
    }
    return services;
  }

  private static Set<String> owners(DnsResponse response, String name) {
    Set<String> owners = new HashSet<>(Set.of(canonical(name)));
    for (int hops = 0; hops < LONGEST_ALIAS_CHAIN; hops++) {
      boolean grown = false;
      for (DnsRawRecord alias : records(response, DnsRecordType.CNAME, owners)) {
        String target = DefaultDnsRecordDecoder.decodeName(alias.content().duplicate());
        grown |= owners.add(canonical(target));
      }
      if (!grown) {
        break;
      }
    }
    return owners;
  }

  private static List<DnsRawRecord> records(
      DnsResponse response, DnsRecordType type, Set<String> owners) {
    List<DnsRawRecord> records = new ArrayList<>();
    for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
      DnsRecord record = response.recordAt(DnsSection.ANSWER, i);
      if (record instanceof DnsRawRecord raw
          && raw.type().equals(type)
          && owners.contains(canonical(raw.name()))) {
        records.add(raw);
      }
    }
    return records;
  }

  private static String canonical(String name) {
    return withoutDot(name).toLowerCase(Locale.ROOT);
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
