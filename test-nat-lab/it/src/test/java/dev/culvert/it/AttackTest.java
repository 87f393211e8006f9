package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What strangers may try on a relay in the Internet, tried on the real process: each attack runs on
 * a host of a lab, begins and ends with a client that must be served well, and fails if the relay
 * did what it must not.
 */
class AttackTest {
  /** Hosts that attack come from other networks than those who want to be served meanwhile. */
  private static final String GOOD = "good";

  private static Lab lab;
  private static RelayUnderTest relay;

  @BeforeAll
  static void startTheLab() throws Exception {
    lab =
        Lab.up(
            LabSpec.builder()
                .server("relay", 1)
                .server("peer", 1)
                .home(GOOD, "open")
                .home("bad", "open")
                .home("worse", "open")
                .build());
    assertEquals(
        3,
        Stream.of(GOOD, "bad", "worse").map(AttackTest::network).distinct().count(),
        "limits are for networks, so these must be several: " + lab.addresses());
    relay = RelayUnderTest.on(lab.host("relay"), "--allow-peer", ipv4("peer"));
  }

  @AfterAll
  static void endTheLab() throws LabException {
    assertTrue(relay.alive(), relay.output());
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        ForgedRequests.class,
        ReplayedRequests.class,
        WrongChannels.class,
        ReusedTuple.class,
        Garbage.class,
        SplitFrames.class,
        HalfOpenTls.class
      })
  void stands(Class<? extends Attack> attack) throws Exception {
    try (LabProcess process = start(GOOD, attack)) {
      assertStood(process);
    }
  }

  /** Nothing of what was sent to forbidden places leaves the relay, by any interface. */
  @Test
  void sendsNothingToForbiddenPeers() throws Exception {
    try (LabProcess listening =
        lab.host("relay")
            .start("tcpdump", "-i", "any", "-n", "-l", "port " + ForbiddenPeers.PORT)) {
      listening.await(output -> output.contains("listening on"), Limits.PROMPT);
      try (LabProcess process = start(GOOD, ForbiddenPeers.class)) {
        assertStood(process);
      }
      String seen = ipv4("peer") + "." + ForbiddenPeers.PORT + ": UDP, length 4";
      listening.await(output -> output.contains(seen), Limits.PROMPT);
      List<String> packets =
          listening.lines().stream()
              .filter(line -> line.contains("." + ForbiddenPeers.PORT + ":"))
              .toList();
      assertEquals(1, packets.size(), listening.output());
    }
  }

  /** What may not be fragmented says so, and does not come at all if it is too long. */
  @Test
  void fragmentsOnlyWhatItMay() throws Exception {
    String ports =
        "udp dst port " + Fragmenting.NEVER + " or udp dst port " + Fragmenting.IF_NEEDED;
    try (LabProcess listening =
        lab.host("peer").start("tcpdump", "-i", "any", "-n", "-l", "-v", ports)) {
      listening.await(output -> output.contains("listening on"), Limits.PROMPT);
      try (LabProcess process = start(GOOD, Fragmenting.class)) {
        assertStood(process);
      }
      String last = "." + Fragmenting.IF_NEEDED + ": ";
      List<String> packets =
          packets(
              listening.await(output -> packets(output).toString().contains(last), Limits.PROMPT));
      assertEquals(2, packets.size(), packets.toString());
      String whole = "." + Fragmenting.NEVER + ": UDP, length " + Fragmenting.SMALL;
      assertTrue(packets.get(0).contains("flags [DF]"), packets.get(0));
      assertTrue(packets.get(0).contains(whole), packets.get(0));
      assertTrue(packets.get(1).contains("flags [+]"), packets.get(1));
    }
  }

  /** With -v a packet has two lines, the header's first. */
  private static List<String> packets(String told) {
    return Pattern.compile("flags \\[.*\\n.* > .*")
        .matcher(told)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @Test
  void aFloodOfAllocationsTakesThemFromItsOwnNetworkAlone() throws Exception {
    try (LabProcess flood = start("bad", AllocationFlood.class)) {
      flood.await(output -> output.contains("holding "), Limits.SLOW);
      assertServed();
      goOn(flood);
      assertStood(flood);
    }
  }

  @Test
  void aFloodOfUnprovenRequestsIsAnsweredWithinLimits() throws Exception {
    try (LabProcess flood = start("worse", UnprovenFlood.class)) {
      assertServed();
      assertStood(flood);
    }
  }

  @Test
  void slowReadersAreNotWaitedForInMemory() throws Exception {
    long before = relay.residentKilobytes();
    try (LabProcess slow = start(GOOD, SlowReader.class)) {
      slow.await(output -> output.contains("holding"), Limits.SLOW);
      long grown = relay.residentKilobytes() - before;
      assertTrue(grown < 100 << 10, grown + " KB for those whom 240 MB were sent to");
      goOn(slow);
      assertStood(slow);
    }
  }

  private static void assertServed() throws Exception {
    try (LabProcess client = start(GOOD, NothingBad.class)) {
      assertStood(client);
    }
  }

  private static void assertStood(LabProcess attack) throws LabException {
    int exitCode = attack.awaitExit(Limits.SLOW);
    assertEquals(0, exitCode, attack.output());
    assertTrue(attack.output().contains("stood"), attack.output());
    assertTrue(relay.alive(), relay.output());
  }

  private static void goOn(LabProcess process) throws IOException {
    process.input().write('\n');
    process.input().flush();
  }

  private static LabProcess start(String host, Class<? extends Attack> attack) throws LabException {
    return lab.host(host)
        .start(
            ChildJvm.java(
                Attack.class, attack.getName(), relay.ipv4(), relay.ipv6(), ipv4("peer")));
  }

  private static String ipv4(String host) {
    return IpLiterals.format(lab.host(host).ipv4().get(0), false);
  }

  private static String network(String host) {
    return ipv4(host).replaceFirst("\\.[0-9]+$", "");
  }
}
