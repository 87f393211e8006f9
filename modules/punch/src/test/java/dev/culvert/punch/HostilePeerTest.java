package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.TransactionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Liars, forgers and strangers: what they can have a machine do. */
class HostilePeerTest {
  private static final TransportAddress OWN = address("192.168.1.2", 5000);
  private static final TransportAddress OUTSIDE = address("192.0.2.1", 5000);
  private static final TransportAddress PEER = address("198.51.100.2", 6000);
  private static final TransportAddress VICTIM = address("203.0.113.66", 53_000);
  private static final MonotonicTime START = new MonotonicTime(0);
  private static final PunchSecret SECRET = PunchSecret.of(SimPair.KEY, 1);

  private final PunchLedger ledger = PunchLedger.standard();
  private final List<PunchEvent> events = new ArrayList<>();
  private long ids = 100;

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  private static NatTraits nat(TransportAddress at, Dependence mapping, PortRule ports) {
    Dependence filtering = Dependence.ADDRESS_AND_PORT;
    PortSighting newest = new PortSighting(40_000, Duration.ZERO);
    return new NatTraits(at, true, mapping, filtering, ports, Optional.of(newest));
  }

  private static NatTraits steady(TransportAddress at) {
    return nat(at, Dependence.ENDPOINT_INDEPENDENT, PortRule.preserving());
  }

  private static NatTraits random(TransportAddress at) {
    return nat(at, Dependence.ADDRESS_AND_PORT, PortRule.random());
  }

  private PunchMachine machine(NatTraits own, NatTraits peer, boolean leads) {
    PunchAttempt attempt =
        new PunchAttempt(
            PunchPlan.choose(own, peer),
            PunchConfig.standard(),
            SECRET,
            leads,
            new PunchSocket(1, OWN, true),
            START,
            Optional.empty());
    PunchMachine machine = new PunchMachine(attempt, () -> ids++, new Random(1), ledger);
    machine.advance(START);
    return machine;
  }

  /** Takes what is sent; sockets are bound at once. */
  private List<Output.Send> drain(PunchMachine machine, MonotonicTime now) {
    List<Output.Send> sent = new ArrayList<>();
    for (Optional<Output> next = machine.pollOutput();
        next.isPresent();
        next = machine.pollOutput()) {
      if (next.get() instanceof Output.Send send) {
        sent.add(send);
      } else if (next.get() instanceof Output.Bind bind) {
        machine.accept(new Input.Bound(bind.id(), OWN.withPort(10_000), true), now);
      }
    }
    machine.pollEvent().ifPresent(events::add);
    return sent;
  }

  /** Lets time pass as its driver would; everything it sends. */
  private List<Output.Send> run(PunchMachine machine, Duration time) {
    List<Output.Send> sent = drain(machine, START);
    MonotonicTime end = START.plus(time);
    Optional<MonotonicTime> next = machine.nextDeadline();
    while (next.isPresent() && !end.isBefore(next.get())) {
      machine.advance(next.get());
      sent.addAll(drain(machine, next.get()));
      next = machine.nextDeadline();
    }
    return sent;
  }

  private static Flow from(TransportAddress remote) {
    return new Flow(1, Transport.UDP, OWN, remote);
  }

  private static Bytes request(TransactionId id, boolean use) {
    return new PunchPacket(true, id, true, use, OUTSIDE).encode(SECRET);
  }

  /** Whatever a peer says of its NAT, and in however many calls: an address gets so much. */
  @Test
  void manyLiarsCannotAimItAtAVictim() {
    int sent = 0;
    for (int call = 0; call < 12; call++) {
      NatTraits own = call % 2 == 0 ? steady(OUTSIDE) : random(OUTSIDE);
      NatTraits liar = call % 2 == 0 ? random(VICTIM) : steady(VICTIM);
      sent += run(machine(own, liar, call % 3 == 0), Duration.ofSeconds(60)).size();
    }
    assertTrue(sent > 1500 && sent <= 1750, "the victim got " + sent);
    PunchEvent last = events.get(events.size() - 1);
    assertEquals(PunchEvent.Cause.TOO_MUCH_ALREADY, ((PunchEvent.Failed) last).cause());
    assertEquals(12, events.size());
  }

  /** One who knows the secret and writes a victim's address into his packets. */
  @Test
  void authenticPacketsFromAVictimsAddressAreNotMultiplied() {
    PunchMachine machine = machine(steady(OUTSIDE), steady(PEER), false);
    int bytesIn = 0;
    int bytesOut = 0;
    Random random = new Random(3);
    for (int i = 0; i < 5000; i++) {
      MonotonicTime now = START.plus(Duration.ofMillis(i));
      Bytes packet = request(TransactionId.random(random), false);
      bytesIn += packet.length();
      machine.receive(from(VICTIM.withPort(20_000 + i)), packet, now);
      machine.advance(now);
      bytesOut +=
          drain(machine, now).stream()
              .filter(send -> send.flow().remote().ip().equals(VICTIM.ip()))
              .mapToInt(send -> send.payload().length())
              .sum();
    }
    assertTrue(bytesOut > 0 && bytesOut <= 2000 * 76, "out " + bytesOut);
    assertTrue(bytesOut < bytesIn, bytesOut + " for " + bytesIn);
  }

  @Test
  void aReplayFromElsewhereIsDropped() {
    PunchMachine machine = machine(steady(OUTSIDE), steady(PEER), false);
    drain(machine, START);
    Bytes packet = request(new TransactionId(1, 2), true);
    machine.receive(from(PEER), packet, START);
    assertEquals(2, drain(machine, START).size(), "an answer and a question");
    machine.receive(from(VICTIM), packet, START);
    assertEquals(List.of(), drain(machine, START));
    assertEquals(1, machine.dropped());
    machine.receive(from(PEER), packet, START);
    assertEquals(1, drain(machine, START).size(), "the network itself doubles packets");
  }

  @Test
  void whatProvesNothingIsDroppedAndCounted() {
    PunchMachine machine = machine(steady(OUTSIDE), steady(PEER), false);
    List<Output.Send> own = drain(machine, START);
    Bytes good = request(new TransactionId(1, 2), true);
    List<Bytes> bad = new ArrayList<>();
    for (int cut = 0; cut < good.length(); cut++) {
      bad.add(good.slice(0, cut));
      byte[] flipped = good.toByteArray();
      flipped[cut] ^= 1;
      bad.add(Bytes.wrap(flipped));
    }
    PunchSecret other = PunchSecret.of(SimPair.KEY, 2);
    bad.add(new PunchPacket(true, new TransactionId(1, 3), true, true, OUTSIDE).encode(other));
    // Its own packet, sent back to it, and an answer to what was never asked.
    bad.add(own.get(0).payload());
    bad.add(new PunchPacket(false, new TransactionId(4, 5), true, true, OUTSIDE).encode(SECRET));
    for (Bytes each : bad) {
      machine.receive(from(PEER), each, START);
    }
    assertEquals(List.of(), drain(machine, START));
    assertEquals(bad.size(), machine.dropped());
    machine.receive(from(PEER), good, START);
    assertEquals(2, drain(machine, START).size());
  }

  /** An answer counts only where its question went. */
  @Test
  void anAnswerFromElsewhereOpensNothing() {
    PunchMachine machine = machine(steady(OUTSIDE), steady(PEER), true);
    Bytes asked = drain(machine, START).get(0).payload();
    TransactionId id = TransactionId.of(asked.slice(8, 20));
    Bytes answer = new PunchPacket(false, id, false, false, OUTSIDE).encode(SECRET);
    machine.receive(from(VICTIM), answer, START);
    assertEquals(List.of(), drain(machine, START));
    assertEquals(1, machine.dropped());
    machine.receive(from(PEER), answer, START);
    Output.Send use = drain(machine, START).get(0);
    assertEquals(PEER, use.flow().remote());
    assertEquals(asked.length(), use.payload().length(), "answers are as long as questions");
  }

  @Test
  void specialAddressesAreNotSentTo() {
    for (String ip :
        List.of(
            "127.0.0.1",
            "127.255.0.9",
            "224.0.0.251",
            "239.255.255.250",
            "255.255.255.255",
            "0.0.0.0",
            "0.1.2.3",
            "240.0.0.1",
            "169.254.1.1")) {
      PunchMachine machine = machine(steady(OUTSIDE), steady(address(ip, 5000)), true);
      assertEquals(List.of(), run(machine, Duration.ofSeconds(20)), ip);
    }
    assertEquals(
        List.of(),
        run(machine(steady(OUTSIDE), steady(PEER.withPort(0)), true), START.since(START)));
    assertTrue(
        events.size() == 10
            && events.stream()
                .allMatch(
                    event ->
                        ((PunchEvent.Failed) event).cause() == PunchEvent.Cause.FORBIDDEN_ADDRESS),
        () -> "" + events);
  }

  /** More targets than anybody has peers: memory and traffic end. */
  @Test
  void aLedgerIsBounded() {
    int sent = 0;
    for (int i = 0; i < 3000; i++) {
      TransportAddress target = address("198.18." + i / 250 + "." + (1 + i % 250), 7);
      sent += ledger.charge(target.ip(), false, START) == PunchLedger.Answer.SEND ? 1 : 0;
    }
    assertEquals(PunchLedger.MOST_TARGETS, sent);
    MonotonicTime later = START.plus(Duration.ofSeconds(125));
    assertEquals(PunchLedger.Answer.SEND, ledger.charge(VICTIM.ip(), false, later));
  }

  /** Whoever knows the key of a call makes up where its packets come from. */
  @Test
  void sourcesThatAreMadeUpTakeNobodysPlace() {
    PunchMachine machine = machine(steady(OUTSIDE), steady(PEER), false);
    run(machine, Duration.ofMillis(10));
    Random random = new Random(5);
    int answers = 0;
    for (int i = 0; i < 3000; i++) {
      TransportAddress source = address("198.18." + i / 250 + "." + (1 + i % 250), 7);
      machine.receive(from(source), request(TransactionId.random(random), false), START);
      answers += drain(machine, START).isEmpty() ? 0 : 1;
    }
    assertEquals(PunchLedger.MOST_TARGETS, answers);
    assertEquals(PunchLedger.Answer.SEND, ledger.charge(VICTIM.ip(), false, START));
    machine.receive(from(PEER), request(TransactionId.random(random), false), START);
    assertEquals(PEER, drain(machine, START).get(0).flow().remote(), "an answer for the peer");
  }

  /** Whenever two minutes begin, no more go there in them, and in the end no less. */
  @Test
  void aLedgerHoldsForAnyTwoMinutes() {
    List<Duration> sent = new ArrayList<>();
    for (Duration time = Duration.ZERO;
        time.toMinutes() < 11;
        time = time.plus(Duration.ofMillis(20))) {
      // Little at first, so that much would fit before and after the end of a fixed window.
      boolean wants = time.toSeconds() > 85 || time.toMillis() % 1000 == 0;
      if (wants && ledger.charge(VICTIM.ip(), false, START.plus(time)) == PunchLedger.Answer.SEND) {
        sent.add(time);
      }
    }
    for (int i = 0; i + 1750 < sent.size(); i++) {
      assertTrue(sent.get(i + 1750).minus(sent.get(i)).compareTo(Duration.ofMinutes(2)) >= 0);
    }
    assertTrue(sent.size() > 4 * 1750, "sent " + sent.size());
  }

  /** A retry has the whole budget again once somebody there has answered. */
  @Test
  void whatWasAnsweredCountsNoMore() {
    PunchMachine first = machine(steady(OUTSIDE), random(PEER), true);
    int before = run(first, Duration.ofSeconds(30)).size();
    PunchMachine second = machine(steady(OUTSIDE), steady(PEER), true);
    Bytes asked = drain(second, START.plus(Duration.ofSeconds(31))).get(0).payload();
    TransactionId id = TransactionId.of(asked.slice(8, 20));
    Bytes answer = new PunchPacket(false, id, false, false, OUTSIDE).encode(SECRET);
    second.receive(from(PEER), answer, START.plus(Duration.ofSeconds(31)));
    int after = run(machine(steady(OUTSIDE), random(PEER), true), Duration.ofSeconds(60)).size();
    assertTrue(before > 1400 && after >= 1700, before + " and then " + after);
  }

  /** A second is a second, a window is a window, and answers have a reserve. */
  @Test
  void aLedgerCountsByTheSecondAndByTheWindow() {
    PunchLedger small = new PunchLedger(5, 2, Duration.ofSeconds(10));
    List<PunchLedger.Answer> answers = new ArrayList<>();
    for (int tenth = 0; tenth < 40; tenth++) {
      answers.add(small.charge(VICTIM.ip(), false, START.plus(Duration.ofMillis(100L * tenth))));
    }
    assertEquals(5, answers.stream().filter(PunchLedger.Answer.SEND::equals).count());
    assertEquals(PunchLedger.Answer.LATER, answers.get(2));
    assertEquals(PunchLedger.Answer.SEND, answers.get(10));
    assertEquals(PunchLedger.Answer.NEVER, answers.get(39));
    MonotonicTime then = START.plus(Duration.ofSeconds(5));
    assertEquals(PunchLedger.Answer.SEND, small.charge(VICTIM.ip(), true, then));
    MonotonicTime next = START.plus(Duration.ofSeconds(11));
    assertEquals(PunchLedger.Answer.SEND, small.charge(VICTIM.ip(), false, next));
  }

  @Test
  void givenUpLeavesNothingOpen() {
    PunchMachine machine = machine(random(OUTSIDE), steady(PEER), true);
    run(machine, Duration.ofMillis(500));
    machine.abandon(START.plus(Duration.ofMillis(500)));
    long closed = 0;
    for (Optional<Output> next = machine.pollOutput();
        next.isPresent();
        next = machine.pollOutput()) {
      closed += next.get() instanceof Output.Close ? 1 : 0;
    }
    assertEquals(ids - 100, closed);
    assertTrue(machine.isOver() && machine.nextDeadline().isEmpty());
    assertTrue(machine.pollEvent().orElseThrow() instanceof PunchEvent.Failed);
  }
}
