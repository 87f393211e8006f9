package dev.culvert.transport.mdns;

import static dev.culvert.transport.mdns.Bench.GROUP;
import static dev.culvert.transport.mdns.Bench.NEIGHBOUR;
import static dev.culvert.transport.mdns.Bench.data;
import static dev.culvert.transport.mdns.Bench.found;
import static dev.culvert.transport.mdns.Message.A;
import static dev.culvert.transport.mdns.Message.AAAA;
import static dev.culvert.transport.mdns.Message.IN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import io.netty.handler.codec.dns.DnsQuestion;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookUpTest {
  private static final String NAME = "1f4712db.local";
  private static final int OURS = IN | Message.TOP_BIT;
  private static final Answer NOBODY =
      new Answer.Failed("nobody on the local network answers for " + NAME);

  private final Bench bench = new Bench();
  private final List<Answer> answers = new ArrayList<>();

  /** A link whose socket opens when the test says so. */
  private final class BenchLink implements AskingLink {
    final List<Consumer<Optional<String>>> waiting = new ArrayList<>();
    private final boolean open;

    BenchLink(boolean open) {
      this.open = open;
    }

    @Override
    public void whenOpen(Consumer<Optional<String>> told) {
      if (open) {
        told.accept(Optional.empty());
      } else {
        waiting.add(told);
      }
    }

    @Override
    public void ask(String name) {
      Outcomes.ignored(bench.channel.writeAndFlush(Queries.addresses(name, GROUP)));
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

  private void ask(AskingLink... links) {
    new LookUp(NAME, bench.channel.eventLoop(), answers::add).start(List.of(links));
  }

  private static Message good() {
    return Message.response().answer(NAME, A, OURS, 120, data("192.168.1.3"));
  }

  @Test
  void theBytesOfAQuestion() {
    ask(new BenchLink(true));
    assertEquals(
        List.of(
            new Bench.Said(
                GROUP,
                Bytes.hex(
                    "000000000002000000000000"
                        + "083166343731326462056c6f63616c0000010001"
                        + "083166343731326462056c6f63616c00001c0001"))),
        bench.said());
  }

  @Test
  void theAnswerComesAtOnce() {
    ask(new BenchLink(true));
    bench.hear(NEIGHBOUR, good());
    bench.pass(50);
    assertEquals(List.of(found("192.168.1.3")), answers);
    bench.said();
    bench.pass(5000);
    assertEquals(List.of(), bench.said());
    assertEquals(1, answers.size());
  }

  @Test
  void itIsAskedTwiceAndGivenUpAfterThreeSeconds() {
    ask(new BenchLink(true));
    assertEquals(1, bench.said().size());
    bench.pass(999);
    assertEquals(0, bench.said().size());
    bench.pass(1);
    assertEquals(1, bench.said().size());
    bench.pass(1999);
    assertEquals(List.of(), answers);
    bench.pass(1);
    assertEquals(List.of(NOBODY), answers);
    assertEquals(0, bench.said().size());
  }

  @Test
  void anAnswerToTheSecondQuestionCounts() {
    ask(new BenchLink(true));
    bench.pass(2900);
    bench.hear(NEIGHBOUR, good());
    bench.pass(50);
    assertEquals(List.of(found("192.168.1.3")), answers);
  }

  @Test
  void bothFamiliesAreCollectedAlsoFromTwoMessages() {
    ask(new BenchLink(true));
    bench.hear(
        NEIGHBOUR,
        Message.response()
            .answer("other.local", A, OURS, 120, data("192.168.1.77"))
            .record(3, NAME, AAAA, OURS, 120, data("2001:db8::3")));
    bench.hear(NEIGHBOUR, good());
    bench.pass(50);
    assertEquals(List.of(found("192.168.1.3", "2001:db8::3")), answers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "127.0.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::",
        "::1",
        "ff02::1"
      })
  void addressesOfNobodyAreNotTaken(String ip) {
    ask(new BenchLink(true));
    Bytes data = data(ip);
    bench.hear(
        NEIGHBOUR, Message.response().answer(NAME, data.length() == 4 ? A : AAAA, OURS, 120, data));
    bench.pass(3000);
    assertEquals(List.of(NOBODY), answers);
  }

  @Test
  void whatIsTakenBackIsNotTaken() {
    ask(new BenchLink(true));
    bench.hear(NEIGHBOUR, Message.response().answer(NAME, A, OURS, 0, data("192.168.1.3")));
    bench.pass(3000);
    assertEquals(List.of(NOBODY), answers);
  }

  @Test
  void nobodyHasMoreThanEightAddresses() {
    ask(new BenchLink(true));
    Message many = Message.response();
    for (int i = 0; i < 100; i++) {
      many.answer(NAME, A, OURS, 120, data("192.168.1." + i));
    }
    bench.hear(NEIGHBOUR, many);
    bench.pass(50);
    assertEquals(8, ((Answer.Addresses) answers.get(0)).ips().size());
  }

  @Test
  void linkLocalAddressesKnowTheirLink() {
    ask(new BenchLink(true));
    bench.hear(NEIGHBOUR, Message.response().answer(NAME, AAAA, OURS, 120, data("fe80::3")));
    bench.pass(50);
    Inet6Address ip = (Inet6Address) ((Answer.Addresses) answers.get(0)).ips().get(0);
    assertEquals(7, ip.getScopeId());
  }

  @Test
  void oneLinkThatWorksIsEnough() {
    BenchLink broken = new BenchLink(false);
    ask(broken, new BenchLink(true));
    broken.waiting.get(0).accept(Optional.of("the socket is broken"));
    bench.hear(NEIGHBOUR, good());
    bench.pass(50);
    assertEquals(List.of(found("192.168.1.3")), answers);
  }

  @Test
  void withoutAnyItIsOverAtOnce() {
    BenchLink broken = new BenchLink(false);
    ask(broken);
    assertEquals(List.of(), answers);
    broken.waiting.get(0).accept(Optional.of("the socket is broken"));
    assertEquals(
        List.of(new Answer.Failed("cannot look up " + NAME + ": the socket is broken")), answers);
    bench.pass(5000);
    assertEquals(1, answers.size());
  }

  @Test
  void whatOpensTooLateAsksNothing() {
    BenchLink late = new BenchLink(false);
    ask(late);
    bench.pass(3000);
    late.waiting.get(0).accept(Optional.empty());
    assertEquals(List.of(), bench.said());
    assertEquals(1, answers.size());
  }
}
