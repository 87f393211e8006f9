package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.it.FaultLab.Pair;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.KernelWorld;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What breaks in a network of the kernel while data flows: it flows on, and the application is told
 * neither that a path is lost nor that the connection failed, unless nothing is left.
 */
@Timeout(400)
@Execution(ExecutionMode.SAME_THREAD)
class IceFaultTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** How long each fault kept data away, for people. */
  private final Map<String, Duration> outages = Collections.synchronizedMap(new TreeMap<>());

  @Test
  void dataFlowsOn() throws Exception {
    LabSpec spec =
        LabSpec.builder()
            .server("relay1", 1)
            .server("relay2", 1)
            .server("relay3", 1)
            .server("relay4", 1)
            .home("nat-a", "prc")
            .home("nat-b", "prc")
            .home("new", "prc")
            .home("cut-a", "prc")
            .home("cut-b", "prc")
            .home("line-a", "prc+blackhole")
            .home("line-b", "prc")
            .home("sym-a", "sym")
            .home("sym-b", "sym")
            .home("one-a", "sym")
            .home("one-b", "sym")
            .build();
    Map<String, Story> stories = new TreeMap<>();
    stories.put("NATs and networks", this::natsAndNetworks);
    stories.put("direct path", this::directPath);
    stories.put("line", this::line);
    stories.put("relays", this::relays);
    stories.put("last relay", this::lastRelay);
    Map<String, Throwable> wrong = tell(spec, stories);
    // Time in the kernel is real, so what a busy machine was too slow for is tried once more.
    wrong.forEach((name, fault) -> System.err.println("again: " + name + ": " + fault));
    stories.keySet().retainAll(wrong.keySet());
    wrong = tell(spec, stories);
    System.err.println("outages: " + outages);
    for (Throwable fault : wrong.values()) {
      throw new AssertionError(wrong.keySet().toString(), fault);
    }
    assertEquals(9, outages.size());
  }

  /** What is done to two hosts, and what comes of it. */
  @FunctionalInterface
  private interface Story {
    void happen(FaultLab lab) throws Exception;
  }

  /** Lets all of it happen at once in one lab; tells what went wrong. */
  private static Map<String, Throwable> tell(LabSpec spec, Map<String, Story> stories)
      throws Exception {
    Map<String, Throwable> wrong = new ConcurrentHashMap<>();
    if (stories.isEmpty()) {
      return wrong;
    }
    try (FaultLab lab = FaultLab.up(spec, "relay1", "relay2", "relay3", "relay4")) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      stories.forEach(
          (name, story) ->
              tasks.add(
                  () -> {
                    try {
                      story.happen(lab);
                      return true;
                    } catch (AssertionError e) {
                      wrong.put(name, e);
                      return false;
                    }
                  }));
      Together.all(tasks);
    }
    return wrong;
  }

  /** Makes a fault, and waits until both hear of each other again. */
  private void expect(String what, FaultLab lab, Pair pair, FaultLab.Change fault)
      throws Exception {
    lab.change(fault);
    outages.put(what, pair.chat().awaitNews(LIMIT));
  }

  private static void assertNone(Pair pair, String... events) {
    for (DrivenConnection each : pair.both()) {
      for (String event : events) {
        assertEquals(Optional.empty(), each.last(event), each::story);
      }
    }
  }

  private static DrivenEvent awaitPath(DrivenConnection of, int from, boolean relayed)
      throws Exception {
    return of.await(
        from,
        relayed ? "relayed path" : "direct path",
        LIMIT,
        its -> its.name().equals("path") && its.isRelayed() == relayed);
  }

  private void natsAndNetworks(FaultLab lab) throws Exception {
    try (Pair pair = lab.connect("nat-a", "nat-b", "relay2")) {
      assertFalse(pair.path().isRelayed(), pair.one().story());
      expect("NAT reboots, direct path", lab, pair, world -> world.reboot("nat-a-nat"));
      expect(
          "NAT gets another address",
          lab,
          pair,
          world -> world.readdress("nat-a-nat", Optional.empty()));
      int mark = pair.one().mark();
      expect("host moves to another network", lab, pair, world -> roam(world, pair.one()));
      pair.one().await(mark, "new generation", LIMIT, its -> its.name().equals("restarted"));
      awaitPath(pair.one(), mark, false);
      // Whom no allocation survives has no path for a moment, and is told so.
      assertNone(pair, "failed", "error");
    }
  }

  /** The application sees to it that the peer hears where it is now. */
  private static void roam(KernelWorld world, DrivenConnection moving) throws LabException {
    int mark = moving.mark();
    world.move("nat-a", "new-nat");
    try {
      moving.peer().order("{\"do\":\"use\"}");
      moving.await(mark, "advice", LIMIT, its -> its.name().equals("advised"));
      moving.order("restart");
    } catch (IOException | InterruptedException e) {
      throw new LabException("the peer does not hear", e);
    }
  }

  /** A firewall on both hosts lets nothing but the relay through, and then is gone. */
  private void directPath(FaultLab lab) throws Exception {
    try (Pair pair = lab.connect("cut-a", "cut-b", "relay2")) {
      assertFalse(pair.path().isRelayed(), pair.one().story());
      String relay = lab.ip("relay2");
      int mark = pair.one().mark();
      for (String host : List.of("cut-a", "cut-b")) {
        nft(
            lab,
            host,
            "add table ip cut; add chain ip cut out { type filter hook output priority 0; }; "
                + "add chain ip cut in { type filter hook input priority 0; }; "
                + ("add rule ip cut out ip daddr != " + relay + " meta l4proto udp drop; ")
                + ("add rule ip cut in ip saddr != " + relay + " meta l4proto udp drop"));
      }
      expect("direct path cut, a relay left", lab, pair, world -> {});
      awaitPath(pair.one(), mark, true);
      mark = pair.one().mark();
      for (String host : List.of("cut-a", "cut-b")) {
        nft(lab, host, "delete table ip cut");
      }
      awaitPath(pair.one(), mark, false);
      pair.chat().awaitNews(LIMIT);
      assertNone(pair, "lost", "failed", "error");
    }
  }

  private static void nft(FaultLab lab, String host, String rules) throws Exception {
    LabProcess nft = lab.host(host).run(Limits.PROMPT, "nft", rules);
    assertEquals(0, nft.exitCode(), nft.output());
  }

  /** Losses of one in ten each way; then packets of more than 1280 bytes vanish, silently. */
  private void line(FaultLab lab) throws Exception {
    try (Pair pair = lab.connect("line-a", "line-b", "relay2")) {
      int before = pair.chat().said();
      expect(
          "line loses 10 %",
          lab, pair, world -> world.relink("line-a-nat", LinkSpec.parse("delay:10ms,loss:10%")));
      int after = pair.chat().awaitSaid(before + 500, LIMIT);
      pair.chat().awaitNews(LIMIT);
      for (DrivenConnection each : pair.both()) {
        long heard = Chat.heard(each, before, after);
        assertTrue(
            heard > 0.5 * (after - before),
            () -> heard + " of " + (after - before) + " with 10 % lost each way");
      }
      expect(
          "packets of more than 1280 bytes vanish",
          lab,
          pair,
          world -> world.relink("line-a-nat", LinkSpec.parse("mtu:1280")));
      byte[] small = "s".repeat(1200).getBytes(StandardCharsets.UTF_8);
      byte[] large = "l".repeat(1400).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 5; i++) {
        pair.one().send(large);
        pair.one().send(small);
      }
      pair.other()
          .await(
              0,
              "datagram of 1200 bytes",
              LIMIT,
              its -> its.name().equals("received") && its.data().length == 1200);
      pair.chat().awaitNews(LIMIT);
      assertFalse(
          pair.other().events().stream()
              .anyMatch(its -> its.name().equals("received") && its.data().length == 1400));
      Eventually.until("a direct path", LIMIT, () -> !pair.path().isRelayed());
      assertNone(pair, "lost", "failed", "error");
    }
  }

  private void relays(FaultLab lab) throws Exception {
    try (Pair pair = lab.connect("sym-a", "sym-b", "relay1", "relay4")) {
      assertTrue(pair.path().isRelayed(), pair.one().story());
      expect("NAT reboots, relayed path", lab, pair, world -> world.reboot("sym-a-nat"));
      DrivenEvent path = pair.path();
      String used =
          (path.field("localType") + path.field("local") + path.field("remote"))
                  .contains(lab.ip("relay1"))
              ? "relay1"
              : "relay4";
      expect("relay cut, another left", lab, pair, world -> world.cut(used));
      assertTrue(pair.path().isRelayed(), pair.one()::story);
      assertFalse(
          (pair.path().field("local") + pair.path().field("remote")).contains(lab.ip(used)),
          pair.one()::story);
      assertNone(pair, "failed", "error");
    }
  }

  /** Nothing is left, and both are told so in time, and why. */
  private void lastRelay(FaultLab lab) throws Exception {
    try (Pair pair = lab.connect("one-a", "one-b", "relay3")) {
      assertTrue(pair.path().isRelayed(), pair.one().story());
      long began = System.nanoTime();
      lab.change(world -> world.cut("relay3"));
      for (DrivenConnection each : pair.both()) {
        DrivenEvent failed = each.await("failed", LIMIT.multipliedBy(2));
        assertEquals("consent-expired", failed.field("cause"), each::story);
        assertEquals("failed", each.last("state").orElseThrow().field("state"));
      }
      outages.put("the last relay cut: told", Duration.ofNanos(System.nanoTime() - began));
    }
  }
}
