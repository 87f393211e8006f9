package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our ICE with coturn as STUN server and as relay, over each transport; libnice beside us. */
class CoturnMeetsUsTest {
  private static final AtomicInteger IDS = new AtomicInteger();
  private static final Map<String, DrivenPeer> OURS = new HashMap<>();

  @TempDir static Path folder;
  private static Path program;
  private static Lab lab;
  private static RelayKey key;
  private static CoturnRelay coturn;
  private static String address;

  @BeforeAll
  static void startTheLab() throws Exception {
    program = NiceAgent.build(folder);
    lab =
        Lab.up(
            LabSpec.builder()
                .server("relay", 1)
                .home("prc", "prc")
                .home("other", "prc")
                .home("sym", "sym")
                .home("blocked", "blocked")
                .home("closed", "blocked")
                .build());
    key = RelayKey.make();
    coturn = CoturnRelay.on(lab.host("relay"), key, "--user=lab:lab");
    address = IpLiterals.format(lab.host("relay").ipv4().get(0), false);
    List<Callable<Boolean>> all = new ArrayList<>();
    for (String each : List.of("prc stun", "prc udp", "prc tcp", "prc tls", "sym udp")) {
      all.add(() -> own(each));
    }
    for (String each : List.of("other stun", "sym tcp", "sym tls", "closed tcp", "blocked tls")) {
      all.add(() -> own(each));
    }
    Together.all(all);
  }

  /** One on a host that has a relay over one transport, or none. */
  private static boolean own(String hostAndTransport) throws Exception {
    String[] words = hostAndTransport.split(" ", -1);
    List<String> options =
        new ArrayList<>(List.of("-4", "--deadline=20s", "--stun=" + address + ":3478"));
    if (!words[1].equals("stun")) {
      boolean tls = words[1].equals("tls");
      options.add(
          tls
              ? "--turn=turns:" + address + ":" + CoturnRelay.TLS_PORT + "?transport=tcp"
              : "--turn=turn:" + address + ":3478?transport=" + words[1]);
      options.addAll(List.of("--user=lab:lab", "--pin=" + key.pin()));
    }
    DrivenPeer ice = DrivenPeer.on(lab.host(words[0]), options);
    ice.awaitReady();
    synchronized (OURS) {
      OURS.put(hostAndTransport, ice);
    }
    return true;
  }

  @AfterAll
  static void endTheLab() throws Exception {
    for (DrivenPeer ice : OURS.values()) {
      ice.close();
    }
    coturn.close();
    lab.close();
  }

  private static OwnPeer open(String who, String id, boolean controls, String policy)
      throws Exception {
    return OwnPeer.open(Objects.requireNonNull(OURS.get(who)), id, controls, policy);
  }

  /** One after the other: two of one host's sessions meet but once at a time. */
  @Execution(ExecutionMode.SAME_THREAD)
  @ParameterizedTest
  @CsvSource({
    "prc stun, other stun, prefer-direct, false",
    "prc udp, sym udp, prefer-direct, true",
    "prc tcp, sym tcp, prefer-direct, true",
    "prc tls, sym tls, prefer-direct, true",
    "prc udp, sym udp, relay-only, true",
    "prc tcp, sym tcp, relay-only, true",
    "prc tls, sym tls, relay-only, true",
    "prc udp, sym tls, relay-only, true",
    "prc udp, closed tcp, prefer-direct, true",
    "prc tls, blocked tls, relay-only, true",
    "blocked tls, closed tcp, prefer-direct, true",
  })
  void twoOfUsMeet(String one, String other, String policy, boolean relayed) throws Exception {
    String id = "own-" + IDS.incrementAndGet();
    try (OwnPeer a = open(one, id + "a", true, policy);
        OwnPeer b = open(other, id + "b", false, policy);
        Courier courier = Courier.between(a, b)) {
      courier.begin();
      for (OwnPeer peer : List.of(a, b)) {
        DrivenEvent path = peer.awaitPath(relayed);
        if (policy.equals("relay-only")) {
          assertEquals("relay", path.field("localType"), path::toString);
          assertTrue(path.field("local").startsWith(address + ":"), path::toString);
        }
      }
      try (Flow there = Flow.from(a);
          Flow back = Flow.from(b)) {
        there.begin();
        back.begin();
        a.awaitFlow(0);
        b.awaitFlow(0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other stun, stun, false",
    "sym udp, relay=udp, true",
    "sym udp, relay=tcp, true",
    "sym tls, relay=udp, true",
    "blocked tls, relay=tcp, true",
  })
  void libniceMeetsUs(String us, String options, boolean relayed) throws Exception {
    Together.all(
        () -> libniceMeets(us, options, true, relayed),
        () -> libniceMeets(us, options, false, relayed));
  }

  private static boolean libniceMeets(String us, String options, boolean weControl, boolean relayed)
      throws Exception {
    List<String> words =
        List.of(
            "family=4",
            "role=" + (weControl ? "controlled" : "controlling"),
            options.equals("stun")
                ? "stun=" + address + ",3478"
                : "relay=" + address + ",3478,lab,lab," + options.substring(6));
    try (OwnPeer ours = open(us, "nice-" + IDS.incrementAndGet(), weControl, "prefer-direct");
        NiceAgent nice = NiceAgent.on(lab.host("prc"), program, words);
        Courier courier = Courier.between(ours, nice)) {
      courier.begin();
      nice.await(0, "state ready");
      ours.awaitPath(relayed);
      nice.flow();
      try (Flow flow = Flow.from(ours)) {
        flow.begin();
        nice.awaitFlow(0);
        ours.awaitFlow(0);
      }
      assertFalse(ours.told(0, "lost"));
    }
    return true;
  }
}
