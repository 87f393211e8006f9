package dev.culvert.transport.mdns;

import static dev.culvert.transport.mdns.Bench.GROUP;
import static dev.culvert.transport.mdns.Bench.NEIGHBOUR;
import static dev.culvert.transport.mdns.Bench.at;
import static dev.culvert.transport.mdns.Bench.data;
import static dev.culvert.transport.mdns.Bench.ip;
import static dev.culvert.transport.mdns.Bench.to;
import static dev.culvert.transport.mdns.Bench.toAll;
import static dev.culvert.transport.mdns.Message.A;
import static dev.culvert.transport.mdns.Message.AAAA;
import static dev.culvert.transport.mdns.Message.ANY;
import static dev.culvert.transport.mdns.Message.IN;
import static dev.culvert.transport.mdns.Message.TOP_BIT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.LocalService;
import io.netty.handler.codec.dns.DnsQuestion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Services on a link: every message is compared with bytes that are written down here. */
class ServiceTest {
  private static final int PTR = 12;
  private static final int TXT = 16;
  private static final int SRV = 33;
  private static final int OURS = IN | TOP_BIT;
  private static final String DOMAIN = "_culvert._tcp.local";
  private static final String NAME = "one." + DOMAIN;
  private static final LocalService ONE =
      new LocalService("_culvert._tcp", "one", 8443, List.of("id=x", "path=/"));
  private static final Answer NOBODY = new Answer.NotFound();

  private final Bench bench = new Bench();
  private final List<Answer> answers = new ArrayList<>();

  private final class BenchLink implements AskingLink {
    @Override
    public void whenOpen(Consumer<Optional<String>> told) {
      told.accept(Optional.empty());
    }

    @Override
    public void ask(String name) {
      throw new AssertionError(name);
    }

    @Override
    public void ask(List<DnsQuestion> questions) {
      Outcomes.ignored(bench.channel.writeAndFlush(Queries.of(questions, GROUP)));
    }

    @Override
    public Listeners listeners() {
      return bench.listeners;
    }

    @Override
    public int scope() {
      return 7;
    }
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private static Bytes place(int port, String host) {
    return Message.shorts(0, 0, port).concat(Message.name(host));
  }

  private static Bytes texts(String... texts) {
    Bytes all = Bytes.empty();
    for (String text : texts) {
      all = all.concat(Bytes.of(text.length())).concat(Bytes.utf8(text));
    }
    return all;
  }

  private static Message rest(Message message, int dnsClass, int ttl, int longTtl) {
    return message
        .record(3, NAME, SRV, dnsClass, ttl, place(8443, "one.local"))
        .record(3, NAME, TXT, dnsClass, longTtl, texts("id=x", "path=/"))
        .record(3, "one.local", A, dnsClass, ttl, data("192.168.1.2"));
  }

  private static Message pointer(Message message, int ttl) {
    return message.answer(DOMAIN, PTR, IN, ttl, Message.name(NAME));
  }

  private static Message whole() {
    Message message =
        Message.response()
            .answer("_services._dns-sd._udp.local", PTR, IN, 4500, Message.name(DOMAIN));
    return rest(pointer(message, 4500), OURS, 120, 4500);
  }

  private void announced() {
    bench.services.add(new ServiceRecords(ONE, ip("192.168.1.2")));
    bench.pass(40_000);
    bench.said();
  }

  @Test
  void aServiceIsAnnouncedTwiceAndTakenBackOnce() {
    ServiceRecords records = new ServiceRecords(ONE, ip("192.168.1.2"));
    bench.services.add(records);
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.pass(1000);
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.pass(100_000);
    assertEquals(List.of(), bench.said());
    bench.services.remove(records);
    bench.services.remove(records);
    Message gone =
        pointer(Message.response(), 0)
            .answer(NAME, SRV, OURS, 0, place(8443, "one.local"))
            .answer(NAME, TXT, OURS, 0, texts("id=x", "path=/"));
    assertEquals(List.of(toAll(gone)), bench.said());
    bench.hear(NEIGHBOUR, Message.query().question(DOMAIN, PTR, IN));
    bench.pass(5000);
    assertEquals(List.of(), bench.said());
  }

  @ParameterizedTest
  @CsvSource({
    "_culvert._tcp.local, 12",
    "_Culvert._TCP.local, 255",
    "_services._dns-sd._udp.local, 12",
    "one._culvert._tcp.local, 33",
    "one._culvert._tcp.local, 16"
  })
  void whoAsksAllIsAnsweredBeforeAllAfterAMoment(String name, int type) {
    announced();
    bench.hear(NEIGHBOUR, Message.query().question(name, type, IN));
    bench.hear(NEIGHBOUR, Message.query().question(name, type, IN));
    assertEquals(List.of(), bench.said());
    bench.pass(250);
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.hear(NEIGHBOUR, Message.query().question(name, type, IN));
    bench.pass(500);
    assertEquals(List.of(), bench.said(), "not more than once a second");
    bench.pass(750);
    assertEquals(List.of(toAll(whole())), bench.said());
  }

  @ParameterizedTest
  @CsvSource({
    "_other._tcp.local, 12, 1",
    "one._culvert._tcp.local, 12, 1",
    "two._culvert._tcp.local, 33, 1",
    "_culvert._tcp.local, 1, 1",
    "_culvert._tcp.local, 12, 3"
  })
  void otherQuestionsAreLeftToOthers(String name, int type, int dnsClass) {
    announced();
    bench.hear(NEIGHBOUR, Message.query().question(name, type, dnsClass));
    bench.pass(2000);
    assertEquals(List.of(), bench.said());
  }

  @Test
  void whoKnowsIsNotTold() {
    announced();
    bench.hear(NEIGHBOUR, pointer(Message.query().question(DOMAIN, PTR, IN), 2250));
    bench.pass(2000);
    assertEquals(List.of(), bench.said());
    bench.hear(NEIGHBOUR, pointer(Message.query().question(DOMAIN, PTR, IN), 2249));
    bench.pass(2000);
    assertEquals(List.of(toAll(whole())), bench.said());
  }

  @Test
  void whoWantsAnAnswerForItselfGetsItAtOnceSoManyTimes() {
    announced();
    Message own = rest(pointer(Message.response(), 4500), OURS, 120, 4500);
    for (int i = 0; i < 25; i++) {
      bench.hear(NEIGHBOUR, Message.query().question(DOMAIN, PTR, OURS));
    }
    List<Bench.Said> said = bench.said();
    assertEquals(20, said.size());
    assertEquals(to(NEIGHBOUR, own), said.get(0));
    assertEquals(5, bench.counts.excess());
  }

  @Test
  void aPlainClientIsAnsweredInItsTerms() {
    announced();
    InetSocketAddress plain = at("192.168.1.3", 40_000);
    bench.hear(plain, Message.of(77, 0).question(DOMAIN, PTR, IN));
    Message reply =
        rest(pointer(Message.of(77, Message.RESPONSE).question(DOMAIN, PTR, IN), 10), IN, 10, 10);
    assertEquals(List.of(to(plain, reply)), bench.said());
  }

  private void browse() {
    new Browse("_culvert._tcp", bench.channel.eventLoop(), answers::add)
        .start(List.of(new BenchLink()));
  }

  private static Answer found(String... ips) {
    List<InetAddress> all = new ArrayList<>();
    for (String ip : ips) {
      all.add(ip(ip));
    }
    return new Answer.LocalServices(List.of(new Answer.Found(ONE, all)));
  }

  @Test
  void whatIsAnnouncedIsFound() {
    browse();
    assertEquals(List.of(toAll(Message.query().question(DOMAIN, PTR, IN))), bench.said());
    bench.hear(NEIGHBOUR, whole());
    bench.pass(1000);
    assertEquals(List.of(toAll(Message.query().question(DOMAIN, PTR, IN))), bench.said());
    assertEquals(List.of(), answers);
    bench.pass(1000);
    assertEquals(List.of(found("192.168.1.2")), answers);
    bench.hear(NEIGHBOUR, whole());
    bench.pass(5000);
    assertEquals(1, answers.size());
  }

  /** As a responder that is thrifty with records, and compresses names. */
  @Test
  void whatIsMissingIsAskedFor() {
    browse();
    bench.said();
    bench.hear(
        NEIGHBOUR,
        Bytes.hex(
            "000084000000000100000000"
                + "085f63756c76657274045f746370056c6f63616c00"
                + "000c0001000011940006036f6e65c00c"));
    bench.pass(1000);
    assertEquals(
        List.of(
            toAll(
                Message.query()
                    .question(DOMAIN, PTR, IN)
                    .question(NAME, SRV, IN)
                    .question(NAME, TXT, IN))),
        bench.said());
    bench.hear(
        NEIGHBOUR,
        Message.response()
            .answer(NAME, SRV, OURS, 120, place(8443, "host.local"))
            .answer(NAME, TXT, OURS, 120, texts("id=x", "", "nonsense", "path=/"))
            .answer("host.local", A, OURS, 120, data("192.168.1.9"))
            .answer("host.local", AAAA, OURS, 120, data("2001:db8:1::9"))
            .answer("host.local", A, OURS, 120, data("127.0.0.1")));
    bench.pass(1000);
    assertEquals(List.of(found("192.168.1.9", "2001:db8:1::9")), answers);
  }

  @Test
  void whatIsTakenBackOrDamagedIsNotFound() {
    browse();
    bench.hear(NEIGHBOUR, whole());
    bench.hear(NEIGHBOUR, pointer(Message.response(), 0));
    bench.hear(
        NEIGHBOUR,
        Message.response()
            .answer(DOMAIN, PTR, IN, 120, Message.name("two." + DOMAIN))
            .answer("two." + DOMAIN, SRV, OURS, 120, place(0, "one.local"))
            .answer(DOMAIN, PTR, IN, 120, Message.name("a.b." + DOMAIN))
            .answer("a.b." + DOMAIN, SRV, OURS, 120, place(7, "one.local"))
            .answer(DOMAIN, PTR, IN, 120, Message.name("three._other._tcp.local"))
            .answer(DOMAIN, PTR, IN, 120, Bytes.empty()));
    bench.hear(
        NEIGHBOUR, Message.response().answer("four." + DOMAIN, SRV, OURS, 120, Bytes.of(0, 0)));
    bench.pass(2000);
    assertEquals(List.of(NOBODY), answers);
  }

  @Test
  void aFloodIsBounded() {
    browse();
    for (int i = 0; i < 200; i++) {
      String name = "s" + i;
      bench.hear(
          NEIGHBOUR,
          Message.response()
              .answer(DOMAIN, PTR, IN, 120, Message.name(name + "." + DOMAIN))
              .answer(name + "." + DOMAIN, SRV, OURS, 120, place(7, name + ".local"))
              .answer(name + ".local", A, OURS, 120, data("192.168.1.4")));
    }
    bench.said();
    bench.pass(1000);
    for (Bench.Said said : bench.said()) {
      assertEquals(true, said.message().uint16(4) <= 30);
    }
    bench.pass(1000);
    if (!(answers.get(0) instanceof Answer.LocalServices services)) {
      throw new AssertionError(answers.toString());
    }
    assertEquals(64, services.found().size());
  }

  @Test
  void mutatedMessagesMakeNothingThrow() {
    announced();
    browse();
    Random random = new Random(6763);
    Message question = pointer(Message.query().question(DOMAIN, ANY, IN), 120);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = (i % 2 == 0 ? whole() : question).bytes().toByteArray();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        bytes[12 + random.nextInt(bytes.length - 12)] = (byte) random.nextInt(256);
      }
      bench.hear(NEIGHBOUR, Bytes.wrap(bytes).slice(0, bytes.length - random.nextInt(20)));
      if (i % 100 == 0) {
        bench.pass(250);
      }
    }
    bench.channel.checkException();
    bench.pass(10_000);
    assertEquals(1, answers.size());
    bench.said();
    bench.hear(NEIGHBOUR, Message.query().question(DOMAIN, PTR, IN));
    bench.pass(2000);
    assertEquals(List.of(toAll(whole())), bench.said());
  }
}
