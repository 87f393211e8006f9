package dev.culvert.transport.mdns;

import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A name that is answered, and when that was last said to all. */
final class PublishedName {
  private final String name;
  private final List<InetAddress> ips = new ArrayList<>();
  private boolean saidToAll;
  private long saidToAllAt;
  private boolean due;

  PublishedName(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  List<InetAddress> ips() {
    return ips;
  }

  /** Whether all were told less than {@code nanos} ago. */
  boolean saidWithin(long nanos, long now) {
    return saidToAll && now - saidToAllAt < nanos;
  }

  /** When all were last told. */
  long saidToAllAt() {
    return saidToAllAt;
  }

  void saidToAll(long now) {
    saidToAll = true;
    saidToAllAt = now;
  }

  /** Whether it is to be said to all soon, whoever asks. */
  boolean isDue() {
    return due;
  }

  void due(boolean isDue) {
    due = isDue;
  }

  /**
   * What there is to say to questions for these types: addresses, or that there are none of the
   * kind.
   *
   * @param known what the asker knows, and will for a while
   */
  List<DnsRecord> answers(
      Set<DnsRecordType> types, List<HostRecord> known, int dnsClass, long ttl, boolean denies) {
    List<DnsRecord> answers = new ArrayList<>();
    boolean none = false;
    for (DnsRecordType type : types) {
      none |= ips.stream().noneMatch(ip -> fits(ip, type));
    }
    for (InetAddress ip : new LinkedHashSet<>(ips)) {
      boolean wanted = types.stream().anyMatch(type -> fits(ip, type));
      boolean needless = known.stream().anyMatch(one -> one.tells(name, ip, ttl / 2));
      if (wanted && !needless) {
        answers.add(new HostRecord(name, ip, ttl).encoded(dnsClass));
      }
    }
    if (none && denies) {
      answers.add(HostRecord.nothingElse(name, ips, ttl));
    }
    return answers;
  }

  private static boolean fits(InetAddress ip, DnsRecordType type) {
    return type.equals(DnsRecordType.ANY) || type.equals(HostRecord.type(ip));
  }
}
