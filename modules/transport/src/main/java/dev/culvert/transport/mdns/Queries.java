package dev.culvert.transport.mdns;

import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetSocketAddress;
import java.util.List;

/** What is asked (RFC 6762 §5, §18.1). */
final class Queries {
  private Queries() {}

  /** For addresses of both families, in one message with the id 0. */
  static DnsQuery addresses(String name, InetSocketAddress group) {
    DnsQuery query = new DatagramDnsQuery(null, group, 0, DnsOpCode.QUERY);
    query.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(name + ".", DnsRecordType.A));
    query.addRecord(DnsSection.QUESTION, new DefaultDnsQuestion(name + ".", DnsRecordType.AAAA));
    return query;
  }

  /** For all of these, in one message with the id 0. */
  static DnsQuery of(List<DnsQuestion> questions, InetSocketAddress group) {
    DnsQuery query = new DatagramDnsQuery(null, group, 0, DnsOpCode.QUERY);
    questions.forEach(question -> query.addRecord(DnsSection.QUESTION, question));
    return query;
  }
}
