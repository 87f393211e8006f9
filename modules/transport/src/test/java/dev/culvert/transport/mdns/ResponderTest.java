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
import static dev.culvert.transport.mdns.Message.NSEC;
import static dev.culvert.transport.mdns.Message.TOP_BIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every answer is compared with bytes that are written down here. */
class ResponderTest {
  private static final String NAME = "1f4712db.local";
  private static final int OURS = IN | TOP_BIT;

  private final Bench bench = new Bench();

  @AfterEach
  void end() {
    bench.close();
  }

  private static Message address() {
    return Message.response().answer(NAME, A, OURS, 120, data("192.168.1.2"));
  }

  private static Message nothingElse(Message message) {
    return message.answer(NAME, NSEC, OURS, 120, Message.name(NAME).concat(Bytes.of(0, 1, 0x40)));
  }

  private static Message whole() {
    return nothingElse(address());
  }

  private static Message asking(int type, int dnsClass) {
    return Message.query().question(NAME, type, dnsClass);
  }

  /** Published and announced, and that is a while ago. */
  private void published() {
    bench.responder.add(NAME, ip("192.168.1.2"));
    bench.pass(40_000);
    bench.said();
  }

  @Test
  void theBytesOfAnAnswer() {
    published();
    bench.hear(
        NEIGHBOUR, Bytes.hex("000000000001000000000000083166343731326462056c6f63616c0000010001"));
    assertEquals(
        List.of(
            new Bench.Said(
                GROUP,
                Bytes.hex(
                    "000084000000000100000000083166343731326462056c6f63616c00"
                        + "00018001000000780004c0a80102"))),
        bench.said());
  }

  @Test
  void aNameIsAnnouncedTwiceAndTakenBackOnce() {
    bench.responder.add(NAME, ip("192.168.1.2"));
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.pass(999);
    assertEquals(List.of(), bench.said());
    bench.pass(1);
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.pass(100_000);
    assertEquals(List.of(), bench.said());
    bench.responder.remove(NAME, ip("192.168.1.2"));
    assertEquals(
        List.of(toAll(Message.response().answer(NAME, A, OURS, 0, data("192.168.1.2")))),
        bench.said());
    bench.hear(NEIGHBOUR, asking(A, IN));
    bench.responder.remove(NAME, ip("192.168.1.2"));
    assertEquals(List.of(), bench.said());
  }

  @Test
  void whatIsTakenBackAtOnceIsNotAnnouncedAgain() {
    bench.responder.add(NAME, ip("192.168.1.2"));
    bench.responder.remove(NAME, ip("192.168.1.2"));
    bench.said();
    bench.pass(5000);
    assertEquals(List.of(), bench.said());
  }

  @ParameterizedTest
  @ValueSource(ints = {A, ANY})
  void whoAsksAllIsAnsweredBeforeAll(int type) {
    published();
    bench.hear(NEIGHBOUR, asking(type, IN));
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @ParameterizedTest
  @CsvSource({"1F4712DB.LOCAL, 1", "1f4712db.Local, 255"})
  void spellingAndAnyClassMakeNoDifference(String name, int dnsClass) {
    published();
    bench.hear(NEIGHBOUR, Message.query().question(name, A, dnsClass));
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @ParameterizedTest
  @ValueSource(ints = {AAAA, 16, 33, 65})
  void thatThereIsNoneOfAKindIsSaid(int type) {
    published();
    bench.hear(NEIGHBOUR, asking(type, IN));
    assertEquals(List.of(toAll(nothingElse(Message.response()))), bench.said());
  }

  @Test
  void bothFamiliesAreAnsweredTogether() {
    published();
    bench.hear(NEIGHBOUR, asking(A, IN).question(NAME, AAAA, IN));
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.responder.add(NAME, ip("2001:db8::2"));
    bench.pass(2000);
    bench.said();
    bench.hear(NEIGHBOUR, asking(AAAA, IN));
    assertEquals(
        List.of(toAll(Message.response().answer(NAME, AAAA, OURS, 120, data("2001:db8::2")))),
        bench.said());
  }

  @Test
  void theBitmapNamesBothFamilies() {
    published();
    bench.responder.add(NAME, ip("2001:db8::2"));
    bench.pass(2000);
    bench.said();
    bench.hear(NEIGHBOUR, asking(16, IN));
    Bytes both = Message.name(NAME).concat(Bytes.of(0, 4, 0x40, 0, 0, 8));
    assertEquals(
        List.of(toAll(Message.response().answer(NAME, NSEC, OURS, 120, both))), bench.said());
  }

  @Test
  void whoWantsAnAnswerForItselfGetsItUnlessItIsTimeToTellAll() {
    bench.responder.add(NAME, ip("192.168.1.2"));
    bench.pass(5000);
    bench.said();
    bench.hear(NEIGHBOUR, Message.of(77, 0).question(NAME, A, IN | TOP_BIT));
    Message direct =
        Message.of(77, Message.RESPONSE).answer(NAME, A, OURS, 120, data("192.168.1.2"));
    assertEquals(List.of(to(NEIGHBOUR, direct)), bench.said());
    bench.pass(30_000);
    bench.hear(NEIGHBOUR, asking(A, IN | TOP_BIT));
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @Test
  void plainDnsClientsAreAnsweredInTheirTerms() {
    published();
    InetSocketAddress plain = at("192.168.1.3", 40_000);
    bench.hear(plain, Message.of(4711, 0x0100).question("1F4712DB.local", A, IN));
    assertEquals(
        List.of(
            to(
                plain,
                Message.of(4711, Message.RESPONSE)
                    .question("1F4712DB.local", A, IN)
                    .answer(NAME, A, IN, 10, data("192.168.1.2")))),
        bench.said());
    bench.hear(plain, Message.of(4712, 0).question(NAME, AAAA, IN | TOP_BIT));
    assertEquals(
        List.of(to(plain, Message.of(4712, Message.RESPONSE).question(NAME, AAAA, IN))),
        bench.said());
  }

  @Test
  void whatTheAskerKnowsIsNotSaid() {
    published();
    bench.hear(NEIGHBOUR, asking(A, IN).answer(NAME, A, OURS, 60, data("192.168.1.2")));
    assertEquals(List.of(), bench.said());
    bench.hear(NEIGHBOUR, asking(A, IN).answer(NAME, A, IN, 60, data("192.168.1.2")));
    assertEquals(List.of(), bench.said());
    bench.hear(NEIGHBOUR, asking(A, IN).answer(NAME, A, OURS, 59, data("192.168.1.2")));
    assertEquals(List.of(toAll(address())), bench.said());
    bench.pass(2000);
    bench.hear(NEIGHBOUR, asking(A, IN).answer(NAME, A, OURS, 120, data("192.168.1.9")));
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @Test
  void allAreToldOnceASecondAtMost() {
    published();
    for (int i = 0; i < 10; i++) {
      bench.hear(NEIGHBOUR, asking(A, IN));
    }
    assertEquals(List.of(toAll(address())), bench.said());
    bench.pass(999);
    assertEquals(List.of(), bench.said());
    bench.pass(1);
    assertEquals(List.of(toAll(whole())), bench.said());
    bench.pass(10_000);
    assertEquals(List.of(), bench.said());
  }

  @Test
  void whoProbesWaitsNoLongerThanAQuarterOfASecond() {
    published();
    Message probe = asking(ANY, IN).record(2, NAME, A, IN, 120, data("192.168.1.9"));
    bench.hear(NEIGHBOUR, probe);
    assertEquals(List.of(toAll(address())), bench.said());
    bench.pass(250);
    bench.hear(NEIGHBOUR, probe);
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @Test
  void answersToOneAreBounded() {
    published();
    InetSocketAddress plain = at("192.168.1.3", 40_000);
    for (int i = 0; i < 300; i++) {
      bench.hear(plain, Message.of(i, 0).question(NAME, A, IN));
    }
    assertEquals(100, bench.said().size());
    assertEquals(200, bench.counts.excess());
    bench.pass(1000);
    bench.hear(plain, Message.of(1, 0).question(NAME, A, IN));
    assertEquals(1, bench.said().size());
  }

  @ParameterizedTest
  @CsvSource({"other.local, 1", "1f4712db.example, 1", "1f4712db.local, 3", "local, 1"})
  void othersNamesAndClassesAreLeftAlone(String name, int dnsClass) {
    published();
    bench.hear(NEIGHBOUR, Message.query().question(name, A, dnsClass));
    assertEquals(List.of(), bench.said());
  }

  @Test
  void oneNameMayBePublishedTwice() {
    published();
    bench.responder.add(NAME, ip("192.168.1.2"));
    bench.pass(5000);
    bench.said();
    bench.responder.remove(NAME, ip("192.168.1.2"));
    assertEquals(List.of(), bench.said());
    bench.hear(NEIGHBOUR, asking(A, IN));
    assertEquals(List.of(toAll(address())), bench.said());
  }

  @Test
  void muchIsSaidInSeveralMessages() {
    Message many = Message.query();
    for (int i = 0; i < 45; i++) {
      bench.responder.add("n" + i + ".local", ip("192.168.1.2"));
      many.question("n" + i + ".local", A, IN);
    }
    bench.pass(40_000);
    bench.said();
    bench.hear(NEIGHBOUR, many);
    List<Bench.Said> said = bench.said();
    assertEquals(3, said.size());
    assertTrue(said.stream().allMatch(one -> one.message().length() < 1200));
  }
}
