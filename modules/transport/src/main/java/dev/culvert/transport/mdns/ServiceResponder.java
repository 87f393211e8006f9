package dev.culvert.transport.mdns;

import dev.culvert.sansio.LocalNames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers for services on one link over one family (RFC 6763), and leaves every question to who
 * comes next, too. Others may answer the same question, so it waits a moment before it does (RFC
 * 6762 §6). Confined to its loop.
 */
final class ServiceResponder extends ChannelInboundHandlerAdapter {
  private static final int UNICAST_WANTED = 0x8000;
  private static final int ANY_CLASS = 255;
  private static final int LEGACY_TTL_SECONDS = 10;
  private static final int UNICAST_PER_SECOND = 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_WAIT = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long MORE_WAIT = TimeUnit.MILLISECONDS.toNanos(100);

  private final InetSocketAddress group;
  private final Counts counts;
  private final Map<ServiceRecords, Said> services = new LinkedHashMap<>();
  private final Budget unicast = new Budget(UNICAST_PER_SECOND);
  private @Nullable ChannelHandlerContext context;

  /** When a service was last said to all, and whether it will be soon. */
  private static final class Said {
    private Optional<Long> at = Optional.empty();
    private boolean due;
  }

  ServiceResponder(InetSocketAddress group, Counts counts) {
    this.group = group;
    this.counts = counts;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Answers for it from now on, and says so twice (RFC 6762 §8.3). */
  void add(ServiceRecords service) {
    services.put(service, new Said());
    sayToAll(service);
    after(SECOND, () -> sayToAll(service));
  }

  /** Answers no more, and says so (RFC 6762 §10.1). */
  void remove(ServiceRecords service) {
    if (services.remove(service) != null) {
      List<DnsRecord> gone =
          List.of(service.pointer(0), service.place(0, true), service.text(0, true));
      send(group, 0, List.of(), gone, List.of());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (message instanceof DatagramDnsQuery query && !services.isEmpty()) {
      answer(query);
    }
    reading.fireChannelRead(message);
  }

  private void answer(DatagramDnsQuery query) {
    boolean legacy = query.sender().getPort() != LinkSocket.PORT;
    for (ServiceRecords service : List.copyOf(services.keySet())) {
      List<DnsQuestion> asked =
          questions(query).stream().filter(one -> isAbout(one, service)).toList();
      if (asked.isEmpty() || (!legacy && isKnown(query, service))) {
        continue;
      }
      boolean toOne =
          asked.stream().allMatch(question -> (question.dnsClass() & UNICAST_WANTED) != 0);
      if (legacy) {
        tellOne(query, asked, service);
      } else if (toOne) {
        tellOne(query, List.of(), service);
      } else {
        sayToAllWhenAllowed(service);
      }
    }
  }

  private static List<DnsQuestion> questions(DatagramDnsQuery query) {
    List<DnsQuestion> questions = new ArrayList<>();
    for (int i = 0; i < query.count(DnsSection.QUESTION); i++) {
      questions.add(query.recordAt(DnsSection.QUESTION, i));
    }
    return questions;
  }

  private static boolean isAbout(DnsQuestion question, ServiceRecords service) {
    int dnsClass = question.dnsClass() & ~UNICAST_WANTED & 0xffff;
    String name = LocalNames.canonical(question.name());
    DnsRecordType type = question.type();
    boolean any = type.equals(DnsRecordType.ANY);
    boolean pointer =
        (any || type.equals(DnsRecordType.PTR))
            && (name.equals(service.domain()) || name.equals(ServiceRecords.KINDS));
    boolean own =
        (any || type.equals(DnsRecordType.SRV) || type.equals(DnsRecordType.TXT))
            && name.equals(service.name());
    return (dnsClass == HostRecord.INTERNET || dnsClass == ANY_CLASS) && (pointer || own);
  }

  /** RFC 6762 §7.1: who asks knows it already, and will for a while. */
  private static boolean isKnown(DatagramDnsQuery query, ServiceRecords service) {
    for (int i = 0; i < query.count(DnsSection.ANSWER); i++) {
      if (query.recordAt(DnsSection.ANSWER, i) instanceof DnsRawRecord raw
          && raw.type().equals(DnsRecordType.PTR)
          && raw.timeToLive() >= ServiceRecords.LONG_TTL_SECONDS / 2
          && raw.content().isReadable()
          && ServiceRecords.name(raw.content().duplicate()).equals(service.name())) {
        return true;
      }
    }
    return false;
  }

  private void tellOne(DatagramDnsQuery query, List<DnsQuestion> asked, ServiceRecords service) {
    if (!unicast.takes(now())) {
      counts.excess.increment();
      return;
    }
    boolean legacy = !asked.isEmpty();
    int ttl = legacy ? LEGACY_TTL_SECONDS : Responder.TTL_SECONDS;
    int longTtl = legacy ? LEGACY_TTL_SECONDS : ServiceRecords.LONG_TTL_SECONDS;
    List<DnsRecord> repeated = new ArrayList<>();
    for (DnsQuestion question : asked) {
      repeated.add(
          new DefaultDnsQuestion(
              question.name(), question.type(), question.dnsClass() & ~UNICAST_WANTED & 0xffff));
    }
    send(
        query.sender(),
        query.id(),
        repeated,
        List.of(service.pointer(longTtl)),
        rest(service, ttl, longTtl, !legacy));
  }

  private void sayToAllWhenAllowed(ServiceRecords service) {
    Said said = services.get(service);
    if (said == null || said.due) {
      return;
    }
    said.due = true;
    long wait = SHORTEST_WAIT + Math.floorMod(now(), MORE_WAIT);
    long allowed = said.at.map(at -> at + SECOND - now()).orElse(0L);
    after(
        Math.max(wait, allowed),
        () -> {
          said.due = false;
          sayToAll(service);
        });
  }

  private void sayToAll(ServiceRecords service) {
    Said said = services.get(service);
    if (said != null) {
      said.at = Optional.of(now());
      send(
          group,
          0,
          List.of(),
          List.of(
              service.kind(ServiceRecords.LONG_TTL_SECONDS),
              service.pointer(ServiceRecords.LONG_TTL_SECONDS)),
          rest(service, Responder.TTL_SECONDS, ServiceRecords.LONG_TTL_SECONDS, true));
    }
  }

  private static List<DnsRecord> rest(
      ServiceRecords service, int ttl, int longTtl, boolean flushes) {
    return List.of(
        service.place(ttl, flushes), service.text(longTtl, flushes), service.address(ttl, flushes));
  }

  private void send(
      InetSocketAddress to,
      int id,
      List<DnsRecord> questions,
      List<DnsRecord> answers,
      List<DnsRecord> additional) {
    if (context != null) {
      DatagramDnsResponse response =
          new DatagramDnsResponse(null, to, id, DnsOpCode.QUERY, DnsResponseCode.NOERROR);
      response.setAuthoritativeAnswer(true);
      questions.forEach(one -> response.addRecord(DnsSection.QUESTION, one));
      answers.forEach(one -> response.addRecord(DnsSection.ANSWER, one));
      additional.forEach(one -> response.addRecord(DnsSection.ADDITIONAL, one));
      Outcomes.ignored(context.writeAndFlush(response));
    }
  }

  private long now() {
    return context == null ? 0 : context.executor().ticker().nanoTime();
  }

  private void after(long nanos, Runnable action) {
    if (context != null) {
      Outcomes.ignored(context.executor().schedule(action, nanos, TimeUnit.NANOSECONDS));
    }
  }
}
