package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our ICE and libnice's, in both roles, behind NATs of the kernel, both trickling. */
class NiceMeetsUsTest {
  /** Longer than anybody may send without consent (RFC 7675 §5.1). */
  private static final Duration BEYOND_CONSENT = Duration.ofSeconds(33);

  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path folder;
  private static Path program;
  private static Lab lab;
  private static RelayUnderTest relay;
  private static DrivenPeer behindCone;
  private static DrivenPeer behindSymmetric;

  @BeforeAll
  static void startTheLab() throws Exception {
    program = NiceAgent.build(folder);
    lab =
        Lab.up(
            LabSpec.builder()
                .server("relay", 1)
                .home("a", "prc")
                .home("d", "sym")
                .home("beside", "same:a")
                .home("prc", "prc")
                .home("sym", "sym")
                .home("full", "full")
                .home("firewall", "firewall")
                .home("blocked", "blocked")
                .build());
    relay = RelayUnderTest.on(lab.host("relay"));
    List<DrivenPeer> ours = Together.all(() -> own("a"), () -> own("d"));
    behindCone = ours.get(0);
    behindSymmetric = ours.get(1);
  }

  private static DrivenPeer own(String host) throws Exception {
    String at = relay.ipv4() + ":" + RelayUnderTest.PORT;
    DrivenPeer peer =
        DrivenPeer.on(
            lab.host(host),
            "--tcp",
            "--deadline=20s",
            "--stun=" + at,
            "--turn=turn:" + at + "?transport=udp",
            "--user=" + RelayUnderTest.USER + ":" + RelayUnderTest.PASSWORD);
    peer.awaitReady();
    return peer;
  }

  @AfterAll
  static void endTheLab() throws Exception {
    assertTrue(relay.alive(), relay.output());
    behindCone.close();
    behindSymmetric.close();
    lab.close();
  }

  /** The two of them, connected or about to be. */
  private record Meeting(OwnPeer ours, NiceAgent nice, Courier courier) implements AutoCloseable {
    /** Waits for both to have a nominated pair, and returns ours. */
    DrivenEvent await(boolean relayed) throws Exception {
      nice.await(0, "state ready");
      return ours.awaitPath(relayed);
    }

    /** Both get each other's datagrams. */
    void talk() throws Exception {
      int from = nice.now();
      nice.flow();
      try (Flow flow = Flow.from(ours)) {
        flow.begin();
        nice.awaitFlow(from);
        ours.awaitFlow(0);
      }
    }

    @Override
    public void close() throws IOException {
      courier.close();
      ours.close();
      nice.close();
    }
  }

  private static Meeting meet(
      String us, String them, boolean weControl, String options, String transport)
      throws Exception {
    return meet(us, them, weControl, !weControl, options, transport);
  }

  private static Meeting meet(
      String us,
      String them,
      boolean weControl,
      boolean theyControl,
      String options,
      String transport)
      throws Exception {
    List<String> words =
        new ArrayList<>(List.of("role=" + (theyControl ? "controlling" : "controlled")));
    String server = relay.ipv4() + "," + RelayUnderTest.PORT;
    String user = RelayUnderTest.USER + "," + RelayUnderTest.PASSWORD;
    for (String option : options.split(" ", -1)) {
      words.add(
          switch (option) {
            case "stun" -> "stun=" + server;
            case "relay" -> "relay=" + server + "," + user + ",udp";
            case "relay-tcp" -> "relay=" + server + "," + user + ",tcp";
            default -> option;
          });
    }
    DrivenPeer ours = us.equals("a") ? behindCone : behindSymmetric;
    OwnPeer peer = OwnPeer.open(ours, "nice-" + IDS.incrementAndGet(), weControl, "prefer-direct");
    NiceAgent nice = NiceAgent.on(lab.host(them), program, words);
    Courier courier = Courier.between(peer, nice, Only.of(transport));
    courier.begin();
    return new Meeting(peer, nice, courier);
  }

  @ParameterizedTest
  @CsvSource({
    "a, beside, family=4, udp, false",
    "a, beside, family=6, udp, false",
    "a, beside, family=4 only=tcp, tcp, false",
    "a, prc, family=4 stun, udp, false",
    "a, prc, family=4 stun nomination=aggressive, udp, false",
    "a, prc, family=4 stun consent=yes, udp, false",
    "a, prc, family=6, udp, false",
    "a, firewall, family=4 stun relay, udp, false",
    "a, full, family=4 stun relay, udp, false",
    "a, full, family=4 stun relay nomination=aggressive, udp, false",
    "a, sym, family=4 stun relay, udp, true",
    "a, blocked, family=4 stun relay-tcp, udp, true",
    "d, full, family=4 stun, udp, false",
    "d, firewall, family=4 stun relay, udp, true",
    "d, prc, family=4 stun relay, udp, true",
    "d, sym, family=4 stun relay, udp, true",
    "d, sym, family=4 stun relay nomination=aggressive, udp, true",
    "d, sym, family=4 stun relay-tcp only=relay, udp, true",
  })
  void bothRolesConnectAndTalk(
      String us, String them, String options, String transport, boolean relayed) throws Exception {
    List<Callable<Boolean>> both = new ArrayList<>();
    for (boolean weControl : List.of(true, false)) {
      both.add(
          () -> {
            try (Meeting meeting = meet(us, them, weControl, options, transport)) {
              DrivenEvent path = meeting.await(relayed);
              assertEquals(transport, path.field("transport"), path::toString);
              meeting.talk();
            }
            return true;
          });
    }
    Together.all(both);
  }

  /** RFC 8445 §7.3.1.1. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void whoHasTheSameRoleAgreesOnRoles(boolean controlling) throws Exception {
    try (Meeting meeting = meet("a", "prc", controlling, controlling, "family=4 stun", "udp")) {
      meeting.await(false);
      meeting.talk();
    }
  }

  /** One side begins anew while datagrams flow both ways, which they do after it as before. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void eitherRestartsWhileDataFlows(boolean weControl, boolean weRestart) throws Exception {
    try (Meeting meeting = meet("a", "prc", weControl, "family=4 stun", "udp")) {
      meeting.await(false);
      OwnPeer ours = meeting.ours();
      NiceAgent nice = meeting.nice();
      nice.flow();
      try (Flow flow = Flow.from(ours)) {
        flow.begin();
        nice.awaitFlow(0);
        ours.awaitFlow(0);
        int ourMark = ours.now();
        int niceMark = nice.now();
        (weRestart ? ours : nice).restart();
        ours.await(ourMark, "restart", its -> its.name().equals("restarted"));
        ours.await(ourMark, "path", its -> its.name().equals("path"));
        nice.await(niceMark, "state ready");
        niceMark = nice.now();
        nice.expect();
        nice.awaitFlow(niceMark);
        ours.awaitFlow(ours.now());
        assertFalse(ours.told(0, "lost"), ours::toString);
      }
    }
  }

  @Test
  void consentIsGivenForAsLongAsItIsAskedFor() throws Exception {
    try (Meeting meeting = meet("a", "prc", true, "family=4 stun consent=yes", "udp")) {
      meeting.await(false);
      int ourMark = meeting.ours().now();
      int niceMark = meeting.nice().now();
      LockSupport.parkNanos(BEYOND_CONSENT.toNanos());
      meeting.talk();
      assertFalse(meeting.ours().told(ourMark, "lost"));
      assertEquals(List.of(), meeting.nice().all("state failed"));
      assertTrue(meeting.nice().now() > niceMark);
    }
  }

  @Test
  void whoHearsNothingAnyMoreSendsNothingAnyMore() throws Exception {
    try (Meeting meeting = meet("a", "prc", false, "family=4 stun consent=yes", "udp")) {
      meeting.await(false);
      int mark = meeting.ours().now();
      meeting.nice().close();
      meeting.ours().await(mark, "loss", its -> its.name().equals("lost"));
    }
  }
}
