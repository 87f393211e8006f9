package dev.culvert.cli.lab.reach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One side against a network in the test's hands. */
class ReachMachineTest {
  private static final TransportAddress LOCAL = at("192.168.1.2:4000");
  private static final TransportAddress SERVER = at("203.0.113.10:3478");
  private static final TransportAddress SEEN = at("203.0.113.77:4000");
  private static final ReachDescription PEER =
      new ReachDescription("peer", at("192.168.2.2:5000"), Optional.of(at("198.51.100.7:5000")));

  private final ReachMachine machine =
      new ReachMachine(LOCAL.withPort(0), SERVER, Duration.ofSeconds(3), new SplittableRandom(1));
  private MonotonicTime now = new MonotonicTime(0);
  private ReachDescription own = PEER;

  private static TransportAddress at(String text) {
    return ReachLines.address(text).orElseThrow();
  }

  @BeforeEach
  void bind() {
    machine.advance(now);
    assertEquals(List.of(new Output.Bind(0, LOCAL.withPort(0))), outputs());
    machine.accept(new Input.Bound(0, LOCAL, true), now);
    StunMessage question = message(sends().get(0));
    reply(SERVER, question.successResponse(new XorMappedAddress(SEEN)));
    own = ((ReachEvent.Described) machine.pollEvent().orElseThrow()).description();
    assertEquals(List.of(LOCAL, SEEN), own.addresses());
  }

  private List<Output> outputs() {
    List<Output> all = new ArrayList<>();
    for (Optional<Output> next = machine.pollOutput();
        next.isPresent();
        next = machine.pollOutput()) {
      all.add(next.get());
    }
    return all;
  }

  private List<Output.Send> sends() {
    return outputs().stream()
        .filter(Output.Send.class::isInstance)
        .map(Output.Send.class::cast)
        .toList();
  }

  private static StunMessage message(Output.Send send) {
    return StunCodec.decode(send.payload()).packet().orElseThrow().message();
  }

  private void reply(TransportAddress from, StunMessage message) {
    machine.receive(new Flow(0, Transport.UDP, LOCAL, from), StunCodec.encode(message), now);
  }

  private StunMessage probe(String tag) {
    return StunMessage.request(Method.BINDING, new TransactionId(7, 7), new Username(tag));
  }

  @Test
  void probesEveryAddressOfTheOtherWithItsTag() {
    machine.meet(PEER, now);
    List<Output.Send> probes = sends();
    assertEquals(PEER.addresses(), probes.stream().map(send -> send.flow().remote()).toList());
    probes.forEach(
        send ->
            assertEquals(Optional.of(new Username("peer")), message(send).first(Username.class)));
  }

  @Test
  void isDirectOnceAnAnswerComesFromWhereItAsked() {
    machine.meet(PEER, now);
    Output.Send second = sends().get(1);
    StunMessage answer = message(second).successResponse(new XorMappedAddress(SEEN));
    reply(at("198.51.100.7:5001"), answer);
    assertTrue(machine.pollEvent().isEmpty(), "another port proves nothing");
    now = now.plus(Duration.ofMillis(30));
    reply(second.flow().remote(), answer);
    ReachResult result = ((ReachEvent.Ended) machine.pollEvent().orElseThrow()).result();
    assertEquals(Optional.of(second.flow().remote()), result.remote());
    assertEquals(Duration.ofMillis(30), result.elapsed());
    now = now.plus(Duration.ofSeconds(5));
    machine.advance(now);
    assertTrue(sends().isEmpty(), "it probes no more");
    reply(at("198.51.100.7:5000"), probe(own.tag()));
    assertEquals(1, sends().size(), "but goes on answering");
  }

  @Test
  void answersAndProbesWhereverProbesComeFrom() {
    TransportAddress elsewhere = at("198.51.100.7:6000");
    reply(elsewhere, probe(own.tag()));
    List<Output.Send> early = sends();
    assertEquals(1, early.size(), "an answer");
    machine.meet(PEER, now);
    assertTrue(
        sends().stream().anyMatch(send -> send.flow().remote().equals(elsewhere)),
        "it remembers who asked before it knew of the other");
    reply(at("198.51.100.7:6001"), probe(own.tag()));
    assertEquals(2, sends().size(), "an answer and a probe");
  }

  @Test
  void strangersAreNotAnswered() {
    machine.meet(PEER, now);
    sends();
    reply(at("198.51.100.9:1"), probe("another"));
    machine.receive(
        new Flow(0, Transport.UDP, LOCAL, at("198.51.100.9:1")), Bytes.of(1, 2, 3), now);
    assertTrue(sends().isEmpty());
  }

  @Test
  void probesAreBoundedHoweverManyComeIn() {
    machine.meet(PEER, now);
    sends();
    for (int port = 1; port <= 100; port++) {
      reply(at("198.51.100.7:" + port), probe(own.tag()));
    }
    long probes = sends().stream().filter(send -> message(send).has(Username.class)).count();
    assertEquals(6, probes, "eight addresses in all");
  }

  @Test
  void givesUpInTimeAndSaysWhatItSaw() {
    machine.meet(PEER, now);
    int sent = sends().size();
    while (machine.nextDeadline().isPresent() && now.nanos() < 10_000_000_000L) {
      now = machine.nextDeadline().get();
      machine.advance(now);
      sent += sends().size();
    }
    ReachResult result = ((ReachEvent.Ended) machine.pollEvent().orElseThrow()).result();
    assertEquals(Duration.ofSeconds(3), result.elapsed());
    assertEquals(30, sent, "fifteen to each of two addresses");
    assertEquals(
        "probes went to 192.168.2.2:5000 and 198.51.100.7:5000; nothing came from the other side",
        result.reason());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ReachMachine(
                at("[2001:db8::1]:0"), SERVER, Duration.ofSeconds(1), new SplittableRandom(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new ReachMachine(LOCAL, SERVER, Duration.ofMillis(1), new SplittableRandom(1)));
  }

  @Test
  void linesSayWhatEventsSay() {
    for (ReachEvent event :
        List.of(
            new ReachEvent.Described(PEER),
            new ReachEvent.Described(
                new ReachDescription("t", at("[2001:db8::1]:5"), Optional.empty())),
            new ReachEvent.Ended(new ReachResult(Optional.of(SEEN), Duration.ofNanos(12345), "")),
            new ReachEvent.Ended(
                new ReachResult(Optional.empty(), Duration.ofSeconds(3), "why \"not\"")),
            new ReachEvent.Failed("no such address"))) {
      assertEquals(Optional.of(event), ReachLines.read(ReachLines.write(event)));
    }
    for (String wrong :
        List.of("", "{", "[]", "{}", "{\"event\":\"x\"}", "{\"event\":\"described\"}")) {
      assertEquals(Optional.empty(), ReachLines.read(wrong), wrong);
    }
  }
}
