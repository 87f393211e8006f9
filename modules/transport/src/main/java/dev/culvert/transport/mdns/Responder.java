package dev.culvert.transport.mdns;

import dev.culvert.sansio.LocalNames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsOpCode;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers for names on one link over one family (RFC 6762 §6, §8.3, §10.1). Nobody else has names
 * of this kind, so they are neither probed for nor defended, as the draft on names in ICE lets it
 * be. Confined to its loop.
 */
final class Responder extends SimpleChannelInboundHandler<DatagramDnsQuery> {
  /** RFC 6762 §10: for what is bound to a host. */
  static final int TTL_SECONDS = 120;

  private static final int LEGACY_TTL_SECONDS = 10;
  private static final int ANY_CLASS = 255;
  private static final int UNICAST_WANTED = 0x8000;
  private static final int FLUSHING = HostRecord.INTERNET | HostRecord.CACHE_FLUSH;
  private static final int UNICAST_PER_SECOND = 100;
  private static final int RECORDS_PER_MESSAGE = 20;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long QUARTER_OF_LIFE = TTL_SECONDS * SECOND / 4;

  /** §6: who probes waits no longer. */
  private static final long BETWEEN_ANSWERS_TO_PROBES = SECOND / 4;

  /** What one message asks about one name. */
  private static final class Wish {
    final Set<DnsRecordType> types = new HashSet<>();
    boolean toAll;
  }

  private final InetSocketAddress group;
  private final Counts counts;
  private final Map<String, PublishedName> names = new LinkedHashMap<>();
  private final Budget unicast = new Budget(UNICAST_PER_SECOND);
  private @Nullable ChannelHandlerContext context;

  Responder(InetSocketAddress group, Counts counts) {
    super(DatagramDnsQuery.class);
    this.group = group;
    this.counts = counts;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  /** Answers for it from now on, and says so twice (§8.3). */
  void add(String name, InetAddress ip) {
    PublishedName published = names.computeIfAbsent(name, PublishedName::new);
    published.ips().add(ip);
    sayToAll(published);
    after(
        SECOND,
        () -> {
          if (published.ips().contains(ip)) {
            sayToAll(published);
          }
        });
  }

  /** Answers no more, and says so (§10.1). */
  void remove(String name, InetAddress ip) {
    PublishedName published = names.get(name);
    if (published == null || !published.ips().remove(ip)) {
      return;
    }
    if (published.ips().isEmpty()) {
      names.remove(name);
    }
    if (!published.ips().contains(ip)) {
      send(group, 0, List.of(), List.of(new HostRecord(name, ip, 0).encoded(FLUSHING)));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext reading, DatagramDnsQuery query) {
    if (names.isEmpty()) {
      return;
    }
    if (query.sender().getPort() == LinkSocket.PORT) {
      answer(query);
    } else {
      answerLegacy(query);
    }
  }

  private void answer(DatagramDnsQuery query) {
    Map<PublishedName, Wish> wishes = new LinkedHashMap<>();
    for (DnsQuestion question : questions(query)) {
      PublishedName name = asked(question);
      if (name != null) {
        Wish wish = wishes.computeIfAbsent(name, key -> new Wish());
        wish.types.add(question.type());
        wish.toAll |= (question.dnsClass() & UNICAST_WANTED) == 0;
      }
    }
    List<HostRecord> known = HostRecord.of(query, DnsSection.ANSWER);
    long pause = query.count(DnsSection.AUTHORITY) > 0 ? BETWEEN_ANSWERS_TO_PROBES : SECOND;
    List<DnsRecord> toOne = new ArrayList<>();
    List<DnsRecord> toAll = new ArrayList<>();
    wishes.forEach(
        (name, wish) -> {
          List<DnsRecord> answers = name.answers(wish.types, known, FLUSHING, TTL_SECONDS, true);
          if (answers.isEmpty()) {
            return;
          }
          if (!wish.toAll && name.saidWithin(QUARTER_OF_LIFE, now())) {
            toOne.addAll(answers);
          } else if (name.saidWithin(pause, now())) {
            answers.forEach(ReferenceCountUtil::release);
            sayToAllWhenAllowed(name);
          } else {
            name.saidToAll(now());
            toAll.addAll(answers);
          }
        });
    sendToOne(query, List.of(), toOne);
    send(group, 0, List.of(), toAll);
  }

  /** §6.7: to a plain DNS client, in the terms of plain DNS. */
  private void answerLegacy(DatagramDnsQuery query) {
    List<DnsRecord> repeated = new ArrayList<>();
    List<DnsRecord> answers = new ArrayList<>();
    for (DnsQuestion question : questions(query)) {
      PublishedName name = asked(question);
      if (name != null) {
        repeated.add(
            new DefaultDnsQuestion(
                question.name(), question.type(), question.dnsClass() & ~UNICAST_WANTED & 0xffff));
        answers.addAll(
            name.answers(
                Set.of(question.type()),
                List.of(),
                HostRecord.INTERNET,
                LEGACY_TTL_SECONDS,
                false));
      }
    }
    sendToOne(query, repeated, answers);
  }

  private static List<DnsQuestion> questions(DatagramDnsQuery query) {
    List<DnsQuestion> questions = new ArrayList<>();
    for (int i = 0; i < query.count(DnsSection.QUESTION); i++) {
      questions.add(query.recordAt(DnsSection.QUESTION, i));
    }
    return questions;
  }

  private @Nullable PublishedName asked(DnsQuestion question) {
    int dnsClass = question.dnsClass() & ~UNICAST_WANTED & 0xffff;
    return dnsClass == HostRecord.INTERNET || dnsClass == ANY_CLASS
        ? names.get(LocalNames.canonical(question.name()))
        : null;
  }

  /** §6: what was said to all less than a second ago waits until it may be said again. */
  private void sayToAllWhenAllowed(PublishedName name) {
    if (!name.isDue()) {
      name.due(true);
      after(
          name.saidToAllAt() + SECOND - now(),
          () -> {
            name.due(false);
            if (!name.ips().isEmpty() && !name.saidWithin(SECOND, now())) {
              sayToAll(name);
            }
          });
    }
  }

  private void sayToAll(PublishedName name) {
    name.saidToAll(now());
    Set<DnsRecordType> both = Set.of(DnsRecordType.A, DnsRecordType.AAAA);
    send(group, 0, List.of(), name.answers(both, List.of(), FLUSHING, TTL_SECONDS, true));
  }

  private void sendToOne(
      DatagramDnsQuery query, List<DnsRecord> questions, List<DnsRecord> answers) {
    if (questions.isEmpty() && answers.isEmpty()) {
      return;
    }
    if (unicast.takes(now())) {
      send(query.sender(), query.id(), questions, answers);
    } else {
      counts.excess.increment();
    }
  }

  /** One message, or several if that is much; none if it is nothing. */
  private void send(
      InetSocketAddress to, int id, List<DnsRecord> questions, List<DnsRecord> answers) {
    for (int from = 0;
        from < answers.size() || (from == 0 && !questions.isEmpty());
        from += RECORDS_PER_MESSAGE) {
      DatagramDnsResponse response =
          new DatagramDnsResponse(null, to, id, DnsOpCode.QUERY, DnsResponseCode.NOERROR);
      response.setAuthoritativeAnswer(true);
      questions.forEach(question -> response.addRecord(DnsSection.QUESTION, question));
      answers
          .subList(from, Math.min(answers.size(), from + RECORDS_PER_MESSAGE))
          .forEach(answer -> response.addRecord(DnsSection.ANSWER, answer));
      if (context != null) {
        Outcomes.ignored(context.writeAndFlush(response));
      }
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
