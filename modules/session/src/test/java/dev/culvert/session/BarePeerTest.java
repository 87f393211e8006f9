package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.natsim.Resident;
import dev.culvert.natsim.World;
import dev.culvert.punch.PunchPlan;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.meet.BareConfig;
import dev.culvert.session.meet.BareEvent;
import dev.culvert.session.meet.BareNote;
import dev.culvert.session.meet.BarePeer;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two that punch alone, behind NATs of the lab, with people who carry a line each. */
class BarePeerTest {
  private static final Duration LONG = Duration.ofMinutes(15);

  /** One of the two. */
  private static final class Side {
    final List<BareEvent> events = new ArrayList<>();
    final BarePeer peer;
    final Resident<BareEvent> seat;

    Side(SimWorld lab, String name, List<TransportAddress> stun, boolean answers, Duration skew) {
      World world = lab.world();
      InetAddress ip = lab.addresses().getOrDefault(name, List.of()).get(0);
      BareConfig config =
          BareConfig.of(
              List.of(new LocalAddress("eth0", ip)),
              stun.stream().map(its -> new NamedServer("s1", its)).toList(),
              answers);
      peer = new BarePeer(config, world.newRandom(), () -> SimCaller.timeIn(world).plus(skew));
      seat = lab.host(name).run(peer, events::add);
    }

    <E extends BareEvent> Optional<E> told(Class<E> kind) {
      return events.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    String line() {
      return told(BareEvent.Described.class).orElseThrow().note().write();
    }

    void take(String line) {
      seat.execute(now -> peer.take(BareNote.read(line).orElseThrow(), now));
    }

    void send(String text) {
      seat.execute(now -> peer.send(Bytes.utf8(text), now));
    }

    boolean isDone() {
      return told(BareEvent.Opened.class).isPresent() || told(BareEvent.Failed.class).isPresent();
    }

    PunchPlan plan() {
      return told(BareEvent.Opened.class)
          .orElseThrow(() -> new AssertionError(events.toString()))
          .plan();
    }

    String failure() {
      return told(BareEvent.Failed.class)
          .orElseThrow(() -> new AssertionError(events.toString()))
          .reason();
    }
  }

  /** Both, once both have the other's line, which people carried so long. */
  private static final class Two {
    final SimWorld lab;
    final Side asks;
    final Side answers;

    Two(String one, String other, Duration skew) {
      LabSpecBuilder builder = LabSpec.builder().seed(7).server("s1", 2);
      lab = SimWorld.up(builder.home("a", one).home("b", other).build());
      List<InetAddress> four =
          lab.addresses().getOrDefault("s1", List.of()).stream()
              .filter(ip -> ip.getAddress().length == 4)
              .toList();
      TransportAddress stun = SimStun.on(lab.host("s1"), four.get(0), four.get(1));
      List<TransportAddress> both = List.of(stun, new TransportAddress(four.get(1), stun.port()));
      asks = new Side(lab, "a", both, false, Duration.ZERO);
      answers = new Side(lab, "b", both, true, skew);
    }

    Two meet(Duration carried) {
      await("the first line", () -> asks.told(BareEvent.Described.class).isPresent());
      pass(Duration.ofSeconds(20));
      answers.take(asks.line());
      await("the answer", () -> answers.told(BareEvent.Described.class).isPresent());
      pass(carried);
      asks.take(answers.line());
      await("an end", () -> asks.isDone() && answers.isDone());
      return this;
    }

    private void pass(Duration time) {
      lab.await(() -> false, time);
    }

    private void await(String what, BooleanSupplier holds) {
      assertTrue(lab.await(holds, LONG), () -> what + "\n" + asks.events + "\n" + answers.events);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "prc, prc, simultaneous-open",
    "timeout5, prc, simultaneous-open",
    "full, sym, reversal",
    "symseq, prc, prediction",
    "symseq, symseq, double-prediction",
    "prc, sym, birthday"
  })
  void bothGetTheSamePathAndDataGoesBothWays(String one, String other, String plan) {
    Two two = new Two(one, other, Duration.ofMillis(-300)).meet(Duration.ofSeconds(15));
    assertEquals(plan, two.asks.plan().kind().toString());
    assertEquals(plan, two.answers.plan().kind().toString());
    two.asks.send("from a");
    two.answers.send("from b");
    two.await(
        "data",
        () ->
            two.answers.events.contains(new BareEvent.Received(Bytes.utf8("from a")))
                && two.asks.events.contains(new BareEvent.Received(Bytes.utf8("from b"))));
  }

  @Test
  void bothAreToldWhyNothingIsTried() {
    Two two = new Two("sym", "sym", Duration.ZERO).meet(Duration.ofSeconds(15));
    assertEquals("both sides draw random ports", two.asks.failure());
    assertEquals("both sides draw random ports", two.answers.failure());
    assertEquals(
        BareEvent.Cause.NO_PLAN, two.asks.told(BareEvent.Failed.class).orElseThrow().cause());
  }

  @Test
  void whoIsLateMeetsTheOtherInALaterAttempt() {
    Two two = new Two("prc", "symseq", Duration.ofSeconds(1)).meet(Duration.ofSeconds(100));
    assertEquals(PunchPlan.Kind.PREDICTION, two.asks.plan().kind());
    assertEquals(1, two.asks.told(BareEvent.Opened.class).orElseThrow().attempts());
    assertEquals(2, two.answers.told(BareEvent.Opened.class).orElseThrow().attempts());
  }

  @Test
  void whereNoServerAnswersThatIsSaid() {
    Two two = new Two("blocked", "prc", Duration.ZERO);
    two.await("an end", two.asks::isDone);
    assertEquals("no STUN server answers this host over UDP", two.asks.failure());
  }

  @Test
  void clocksThatAreNotSetAreNamed() {
    Two two = new Two("prc", "prc", Duration.ofHours(3));
    two.await("the line", () -> two.asks.told(BareEvent.Described.class).isPresent());
    two.answers.take(two.asks.line());
    assertEquals(
        "by this clock the line was made 180 minutes ago; set both clocks, and make new lines",
        two.answers.failure());
  }

  @Test
  void aLineSurvivesChatProgramsAndDamageIsFound() {
    Two two = new Two("prc", "sym", Duration.ZERO).meet(Duration.ofSeconds(15));
    String line = two.answers.line();
    BareNote note = BareNote.read(line).orElseThrow();
    assertTrue(note.isAnswer());
    assertTrue(note.start().orElse(Instant.MIN).isAfter(note.made()));
    String broken = "> " + line.substring(0, 40) + "\n " + line.substring(40) + "  \n";
    assertEquals(note, BareNote.read(broken).orElseThrow());
    assertTrue(BareNote.read(line.substring(0, line.length() - 2)).isEmpty());
    assertEquals(
        "the line is damaged or cut off; copy it again, whole",
        fault(line.substring(0, 50) + (line.charAt(50) == 'a' ? 'b' : 'a') + line.substring(51)));
    assertEquals(
        "that is no line of 'culvert punch'; one begins with culvertpunch1", fault("hello"));
    assertTrue(BarePeer.refusal(note, true).orElse("").contains("itself an answer"));
    assertTrue(BarePeer.refusal(note, false).isEmpty());
  }

  private static String fault(String text) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> BareNote.read(text)).getMessage());
  }
}
