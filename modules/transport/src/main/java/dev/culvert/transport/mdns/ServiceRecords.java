package dev.culvert.transport.mdns;

import dev.culvert.sansio.LocalNames;
import dev.culvert.sansio.LocalService;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A service and its address as records carry them (RFC 6763 §4.1, §5, §6).
 *
 * @param service which
 * @param ip where
 */
record ServiceRecords(LocalService service, InetAddress ip) {
  /** The kinds of services that there are (§9). */
  static final String KINDS = "_services._dns-sd._udp.local";

  /** RFC 6762 §10: for what is bound to no host. */
  static final int LONG_TTL_SECONDS = 4500;

  private static final int SHARED = HostRecord.INTERNET;
  private static final int OWN = HostRecord.INTERNET | HostRecord.CACHE_FLUSH;

  static String domain(String type) {
    return type + ".local";
  }

  /** Under which it is asked for. */
  String domain() {
    return domain(service.type());
  }

  /** The whole name of the instance. */
  String name() {
    return service.instance() + "." + domain();
  }

  DnsRecord kind(int ttl) {
    return record(KINDS, DnsRecordType.PTR, SHARED, ttl, encoded(domain()));
  }

  DnsRecord pointer(int ttl) {
    return record(domain(), DnsRecordType.PTR, SHARED, ttl, encoded(name()));
  }

  DnsRecord place(int ttl, boolean flushes) {
    ByteBuf data = Unpooled.buffer().writeInt(0).writeShort(service.port());
    data.writeBytes(encoded(service.host()));
    return record(name(), DnsRecordType.SRV, flushes ? OWN : SHARED, ttl, data);
  }

  DnsRecord text(int ttl, boolean flushes) {
    ByteBuf data = Unpooled.buffer();
    for (String one : service.text()) {
      byte[] bytes = one.getBytes(StandardCharsets.UTF_8);
      data.writeByte(bytes.length).writeBytes(bytes);
    }
    if (service.text().isEmpty()) {
      data.writeByte(0);
    }
    return record(name(), DnsRecordType.TXT, flushes ? OWN : SHARED, ttl, data);
  }

  DnsRecord address(int ttl, boolean flushes) {
    return new HostRecord(service.host(), ip, ttl).encoded(flushes ? OWN : SHARED);
  }

  private static DnsRecord record(
      String name, DnsRecordType type, int dnsClass, int ttl, ByteBuf data) {
    return new DefaultDnsRawRecord(name + ".", type, dnsClass, ttl, data);
  }

  /** A name without compression; the root for one with a label that is none. */
  static ByteBuf encoded(String name) {
    ByteBuf data = Unpooled.buffer();
    for (String label : LocalNames.canonical(name).split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      if (bytes.length == 0 || bytes.length > 63) {
        return Unpooled.buffer().writeByte(0);
      }
      data.writeByte(bytes.length).writeBytes(bytes);
    }
    return data.writeByte(0);
  }

  /** What {@link #encoded} wrote, in its canonical form. */
  static String name(ByteBuf data) {
    StringBuilder name = new StringBuilder();
    for (int length = data.readUnsignedByte(); length > 0; length = data.readUnsignedByte()) {
      name.append(name.isEmpty() ? "" : ".");
      name.append(data.readCharSequence(length, StandardCharsets.UTF_8));
    }
    return LocalNames.canonical(name.toString());
  }

  /** The texts in a record; none of those that are none. */
  static List<String> texts(ByteBuf data) {
    List<String> texts = new ArrayList<>();
    while (data.isReadable()) {
      int length = Math.min(data.readUnsignedByte(), data.readableBytes());
      String text = data.readCharSequence(length, StandardCharsets.UTF_8).toString();
      if (LocalService.isText(text)) {
        texts.add(text);
      }
    }
    return texts;
  }
}
