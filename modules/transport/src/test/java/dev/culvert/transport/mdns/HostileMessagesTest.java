package dev.culvert.transport.mdns;

import static dev.culvert.transport.mdns.Bench.NEIGHBOUR;
import static dev.culvert.transport.mdns.Bench.at;
import static dev.culvert.transport.mdns.Bench.data;
import static dev.culvert.transport.mdns.Bench.ip;
import static dev.culvert.transport.mdns.Message.A;
import static dev.culvert.transport.mdns.Message.IN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileMessagesTest {
  private static final String NAME = "a.local";

  private final Bench bench = new Bench();
  private final List<HostRecord> shown = new ArrayList<>();

  @BeforeEach
  void begin() {
    bench.listeners.add(shown::addAll);
    bench.responder.add(NAME, ip("192.168.1.2"));
    bench.pass(40_000);
    bench.said();
  }

  /** Whatever came before, it still works. */
  @AfterEach
  void end() {
    bench.pass(5000);
    bench.said();
    bench.hear(NEIGHBOUR, Message.query().question(NAME, A, IN));
    assertEquals(1, bench.said().size());
    bench.channel.checkException();
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "0000000000010000000000",
        // a question that is not there
        "000000000001000000000000",
        // a name that points to itself
        "000000000001000000000000c00c00010001",
        // a name that points at one behind it
        "000000000001000000000000c0ff00010001",
        // a label longer than the message
        "0000000000010000000000003f6100010001",
        // 65 questions
        "000000000041000000000000",
        // 513 records
        "000000000000010001000001"
      })
  void whatCannotBeReadIsCounted(String message) {
    bench.hear(NEIGHBOUR, Bytes.hex(message));
    assertEquals(1, bench.counts.malformed());
    assertEquals(List.of(), bench.said());
  }

  @Test
  void namesLongerThanAnyAreNotRead() {
    bench.hear(NEIGHBOUR, Message.query().question("abcdefgh.".repeat(40) + "local", A, IN));
    assertEquals(1, bench.counts.malformed());
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.2.3, 5353",
    "203.0.113.9, 5353",
    "127.0.0.1, 5353",
    "2001:db8::1, 5353",
    "203.0.113.9, 40000"
  })
  void questionsFromElsewhereAreNotAnswered(String ip, int port) {
    bench.hear(at(ip, port), Message.query().question(NAME, A, IN));
    assertEquals(List.of(), bench.said());
    assertEquals(1, bench.counts.foreign());
  }

  @ParameterizedTest
  @CsvSource({"192.168.2.3, 5353", "192.168.1.3, 5354", "192.168.1.3, 53"})
  void answersFromElsewhereAreNotHeard(String ip, int port) {
    bench.hear(at(ip, port), Message.response().answer(NAME, A, IN, 120, data("192.168.1.9")));
    assertEquals(List.of(), shown);
    assertEquals(1, bench.counts.foreign());
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0800, 0x7800, 0x0001, 0x000f, 0x8c00, 0x8403})
  void otherOperationsAndErrorsArePassedOver(int flags) {
    bench.hear(
        NEIGHBOUR,
        Message.of(0, flags).question(NAME, A, IN).answer(NAME, A, IN, 120, data("192.168.1.9")));
    assertEquals(List.of(), bench.said());
    assertEquals(List.of(), shown);
    assertEquals(0, bench.counts.malformed());
  }

  @Test
  void strangeRecordsHideNoGoodOnes() {
    bench.hear(
        NEIGHBOUR,
        Message.response()
            .answer("My Printer\u00e4._ipp._tcp.local", 12, IN, 120, Bytes.of(0xc0, 0xff))
            .answer("\u2028\u0000.x.local", A, IN, 120, data("192.168.1.9"))
            .answer(NAME, A, IN, 120, Bytes.of(1, 2, 3))
            .answer(NAME, A, IN, 120, data("2001:db8::1"))
            .answer(NAME, Message.AAAA, IN, 120, data("192.168.1.9"))
            .answer(NAME, Message.AAAA, IN, 120, Bytes.hex("00000000000000000000ffff7f000001"))
            .answer(NAME, A, 3, 120, data("192.168.1.9"))
            .answer(NAME, A, IN | Message.TOP_BIT, 120, data("192.168.1.3")));
    assertEquals(
        List.of(new HostRecord(NAME, ip("192.168.1.3"), 120)),
        shown.stream().filter(record -> record.name().equals(NAME)).toList());
  }

  @Test
  void strangeQuestionsHideNoGoodOnes() {
    bench.hear(
        NEIGHBOUR,
        Message.query()
            .question("My Printer\u00e4._ipp._tcp.local", 33, IN)
            .question("\u2028", 0, 0)
            .question(NAME, A, IN));
    assertEquals(1, bench.said().size());
  }

  @Test
  void aFloodIsBounded() {
    for (int i = 0; i < 2000; i++) {
      bench.hear(NEIGHBOUR, Bytes.hex("00"));
    }
    assertEquals(500, bench.counts.malformed());
    assertEquals(1500, bench.counts.excess());
  }

  @Test
  void noiseIsSurvived() {
    Random random = new Random(6762);
    Bytes good =
        Message.query()
            .question(NAME, A, IN)
            .answer(NAME, A, IN, 60, data("192.168.1.3"))
            .record(3, NAME, Message.NSEC, IN, 60, Message.name(NAME))
            .bytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.toByteArray();
      for (int flips = random.nextInt(6); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      bench.hear(NEIGHBOUR, Bytes.wrap(bytes).slice(0, random.nextInt(bytes.length + 1)));
      bench.pass(10);
    }
    assertTrue(bench.counts.malformed() > 1000, "malformed " + bench.counts.malformed());
    assertEquals(0, bench.counts.excess());
  }
}
