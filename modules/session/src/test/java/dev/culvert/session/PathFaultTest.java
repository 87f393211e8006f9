package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.IceEvent;
import dev.culvert.ice.IceState;
import dev.culvert.lab.spec.LinkSpec;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What breaks while data flows, behind several profiles and over lines of several lengths: data
 * flows on within a bound of virtual time, and without the application being told of a loss.
 */
class PathFaultTest {
  private static final int SEEDS = Integer.getInteger("session.seeds", 20);
  private static final Duration OFTEN = Duration.ofMillis(100);
  private static final String[] DIRECT = {"prc,prc", "linux,timeout5", "full,sym", "cgn-home,arc"};
  private static final String[] RELAYED = {"sym,sym", "prc,symseq"};
  private static final String[] ANY = {"full,prc", "linux,timeout5", "cgn-home,linux", "sym,sym"};

  private record Case(String one, String other, int seed) {}

  /**
   * What came of a fault.
   *
   * @param outage until each side heard what the other said after it
   */
  private record Outcome(Case of, Optional<Duration> outage, boolean lost, SimMeeting meeting) {
    boolean isWithin(Duration bound) {
      return outage.filter(its -> its.compareTo(bound) <= 0).isPresent()
          && !lost
          && meeting.watch.fault().isEmpty();
    }

    @Override
    public String toString() {
      return of + " " + outage + (lost ? " the path was lost " : " ") + meeting.story();
    }
  }

  private static LinkSpec line(Random chance) {
    Duration delay = Duration.ofMillis(2 + chance.nextInt(60));
    return new LinkSpec(delay, Duration.ZERO, 0, 0, 0, 0, 0);
  }

  private static Outcome run(
      Case each, UnaryOperator<SimMeeting.Plan> plan, Consumer<SimMeeting> fault) {
    Random chance = new Random(each.seed() * 77L + each.one().hashCode());
    SimMeeting meeting =
        plan.apply(
                SimMeeting.between(each.one(), each.other(), each.seed())
                    .lines(line(chance), line(chance)))
            .build()
            .meet();
    assertTrue(meeting.agree(Duration.ofSeconds(60)), meeting::story);
    meeting.chat(OFTEN).pass(Duration.ofSeconds(2 + chance.nextInt(5)));
    meeting.forget();
    SimPeer a = meeting.a;
    int ofA = a.said();
    int ofB = meeting.b.said();
    Duration before = meeting.lab.elapsed();
    fault.accept(meeting);
    int from = meeting.a == a ? ofA : 0;
    boolean regained =
        meeting.await(
            () -> meeting.b.heard() >= from && meeting.a.heard() >= ofB, Duration.ofSeconds(60));
    Duration outage = meeting.lab.elapsed().minus(before);
    boolean agreed = regained && meeting.agree(Duration.ofSeconds(20));
    boolean lost = Stream.of(meeting.a, meeting.b).anyMatch(PathFaultTest::lost);
    return new Outcome(each, agreed ? Optional.of(outage) : Optional.empty(), lost, meeting);
  }

  private static boolean lost(SimPeer peer) {
    return !peer.told(IceEvent.Failed.class).isEmpty()
        || !peer.told(IceEvent.PathLost.class).isEmpty();
  }

  /** Tries a fault behind all of these pairs. */
  private static List<Outcome> expect(
      String what,
      Duration within,
      UnaryOperator<SimMeeting.Plan> plan,
      Consumer<SimMeeting> fault,
      String... pairs) {
    List<Outcome> all =
        Stream.of(pairs)
            .map(pair -> pair.split(",", 2))
            .flatMap(
                names ->
                    IntStream.range(0, SEEDS).mapToObj(seed -> new Case(names[0], names[1], seed)))
            .parallel()
            .map(each -> run(each, plan, fault))
            .toList();
    if (SEEDS > 20) {
      List<Duration> outages = all.stream().flatMap(o -> o.outage().stream()).sorted().toList();
      System.out.println(
          what + ": " + outages.get(outages.size() / 2) + ", " + outages.get(outages.size() - 1));
    }
    List<Outcome> wrong = all.stream().filter(each -> !each.isWithin(within)).toList();
    assertEquals(List.of(), wrong.stream().limit(2).toList(), () -> what + ": " + wrong.size());
    return all;
  }

  private static SimMeeting.Plan asItIs(SimMeeting.Plan plan) {
    return plan;
  }

  private static void cutDirect(SimMeeting meeting) {
    Set<InetAddress> relays = Set.of(meeting.relay.address.ip(), meeting.spare.address.ip());
    Predicate<InetAddress> peer = ip -> !relays.contains(ip);
    meeting.a.wall.cutOff(peer);
    meeting.b.wall.cutOff(peer);
  }

  @Test
  void aNatReboots() {
    Consumer<SimMeeting> fault = meeting -> meeting.lab.reboot("a-nat");
    expect("reboot, direct", Duration.ofSeconds(3), PathFaultTest::asItIs, fault, DIRECT);
    expect("reboot, relayed", Duration.ofSeconds(3), PathFaultTest::asItIs, fault, RELAYED);
  }

  @Test
  void aNatGetsAnotherAddress() {
    Consumer<SimMeeting> fault = meeting -> meeting.lab.readdress("a-nat", Optional.empty());
    expect("readdress", Duration.ofSeconds(5), PathFaultTest::asItIs, fault, ANY);
  }

  @Test
  void aHostMovesToAnotherNetwork() {
    Consumer<SimMeeting> fault =
        meeting -> {
          meeting.a.heed();
          meeting.lab.move("a", "b-nat");
          meeting.a.use(meeting.ip("a"));
        };
    expect("move", Duration.ofSeconds(3), PathFaultTest::asItIs, fault, ANY);
  }

  @Test
  void theDirectPathIsCut() {
    for (Outcome each :
        expect(
            "cut",
            Duration.ofSeconds(3),
            PathFaultTest::asItIs,
            PathFaultTest::cutDirect,
            DIRECT)) {
      assertTrue(each.meeting().path().isRelayed());
    }
  }

  /** Small datagrams arrive as before, so only who sends large ones can notice. */
  @Test
  void theDirectPathSwallowsLargeDatagrams() {
    Consumer<SimMeeting> fault =
        meeting -> {
          Set<InetAddress> relays = Set.of(meeting.relay.address.ip(), meeting.spare.address.ip());
          for (SimPeer peer : List.of(meeting.a, meeting.b)) {
            peer.wall.swallow(
                send ->
                    send.payload().length() >= 1200 && !relays.contains(send.flow().remote().ip()));
            peer.seat.execute(now -> peer.link().doubt(now));
          }
        };
    for (Outcome each :
        expect("narrow", Duration.ofSeconds(3), PathFaultTest::asItIs, fault, DIRECT)) {
      SimMeeting meeting = each.meeting();
      assertTrue(
          meeting.await(() -> meeting.agree() && meeting.isRelayed(), Duration.ofSeconds(4)),
          () -> each.of() + " " + meeting.story());
    }
  }

  @Test
  void theRelayIsCut() {
    Consumer<SimMeeting> fault = meeting -> meeting.lab.cut("s1");
    UnaryOperator<SimMeeting.Plan> two = plan -> plan.relays(SimMeeting.Relays.TWO_OVER_UDP);
    for (Outcome each : expect("relay", Duration.ofSeconds(3), two, fault, RELAYED)) {
      assertTrue(each.meeting().path().isRelayed());
    }
  }

  @Test
  void oneSideIsStartedAnew() {
    expect("anew", Duration.ofSeconds(3), PathFaultTest::asItIs, SimMeeting::replaceA, ANY);
  }

  @Test
  void bothRestartAgainAndAgain() {
    Consumer<SimMeeting> fault =
        meeting -> {
          meeting.a.restart();
          meeting.b.restart();
          meeting.pass(Duration.ofMillis(30));
          meeting.a.restart();
          meeting.pass(Duration.ofMillis(20));
          meeting.b.restart();
          meeting.a.restart();
        };
    for (Outcome each : expect("glare", Duration.ofSeconds(3), PathFaultTest::asItIs, fault, ANY)) {
      SimMeeting meeting = each.meeting();
      meeting.pass(Duration.ofSeconds(5));
      meeting.forget();
      meeting.pass(Duration.ofSeconds(10));
      for (SimPeer peer : List.of(meeting.a, meeting.b)) {
        boolean rests =
            peer.events.stream().noneMatch(SessionEvent.Restarted.class::isInstance)
                && peer.state() == IceState.COMPLETED;
        assertTrue(rests, () -> each.of() + " goes on restarting: " + meeting.story());
      }
    }
  }
}
