package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.VirtualServer.Kind;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.natsim.PortRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every NAT of RFC 4787 against every kind of server: right, or unknown, never wrong. */
class DetectMatrixTest {
  private static final String A1 = "203.0.113.1";
  private static final String A2 = "203.0.113.2";
  private static final List<Map.Entry<PortRule, Pattern>> RULES =
      List.of(
          Map.entry(PortRule.preserving(), Pattern.PRESERVING),
          Map.entry(PortRule.sequential(1), Pattern.SEQUENTIAL),
          Map.entry(PortRule.sequential(-3), Pattern.SEQUENTIAL),
          Map.entry(PortRule.random(), Pattern.RANDOM));
  private static final Map<Dependence, Behaviour> WORDS =
      new EnumMap<>(
          Map.of(
              Dependence.ENDPOINT_INDEPENDENT, Behaviour.ENDPOINT_INDEPENDENT,
              Dependence.ADDRESS, Behaviour.ADDRESS_DEPENDENT,
              Dependence.ADDRESS_AND_PORT, Behaviour.ADDRESS_AND_PORT_DEPENDENT));
  private static final Duration THREE_SECONDS = Duration.ofSeconds(3);

  private record Case(NatBehaviour nat, Oracle truth) {}

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<Dependence, Behaviour> mapping : WORDS.entrySet()) {
      for (Map.Entry<Dependence, Behaviour> filtering : WORDS.entrySet()) {
        for (Map.Entry<PortRule, Pattern> rule : RULES) {
          for (boolean hairpins : new boolean[] {true, false}) {
            NatBehaviour nat =
                NatBehaviour.of(mapping.getKey(), filtering.getKey())
                    .ports(rule.getKey())
                    .hairpinning(hairpins);
            Oracle truth =
                new Oracle(
                    true,
                    mapping.getValue(),
                    filtering.getValue(),
                    rule.getValue(),
                    rule.getKey().step(),
                    hairpins);
            cases.add(new Case(nat, truth));
            cases.add(new Case(nat.filteringPerMapping(), truth));
          }
        }
      }
    }
    return cases;
  }

  /** Every second case, for two axes more. */
  private static List<Case> half(int which) {
    List<Case> cases = cases();
    return IntStream.range(0, cases.size())
        .filter(i -> (i + i / 2 + which / 72) % 2 == 0)
        .mapToObj(cases::get)
        .toList();
  }

  @Test
  void withAnHonestServerEverythingIsKnownInTime() {
    int ran = 0;
    for (Case one : cases()) {
      for (long seed = 1; seed <= 2; seed++) {
        VirtualRun run = new VirtualRun(seed).server(Kind.HONEST, A1, A2).nat(one.nat());
        NatReport report = run.run();
        String what = one.nat() + " seed " + seed;
        PathReport path = report.path(IpFamily.IPV4).orElseThrow();
        one.truth().complete(path, what);
        assertTrue(path.ports().value().isPresent(), () -> what + ": " + path);
        assertTrue(
            report.elapsed().compareTo(Duration.ofMillis(700)) < 0, what + ": " + report.elapsed());
        assertTrue(run.sent() < 150, what + ": " + run.sent() + " packets");
        ran++;
      }
    }
    assertEquals(288, ran);
  }

  @Test
  void underLossItIsNeverWrong() {
    Map<Behaviour, Integer> known = new EnumMap<>(Behaviour.class);
    int ran = 0;
    for (Case one : cases()) {
      for (long seed = 1; seed <= 2; seed++) {
        VirtualRun run =
            new VirtualRun(seed, Duration.ofMillis(40))
                .server(Kind.HONEST, A1, A2)
                .nat(one.nat())
                .losing(0.2);
        NatReport report = run.run();
        String what = one.nat() + " under loss, seed " + seed;
        PathReport path = report.path(IpFamily.IPV4).orElseThrow();
        one.truth().neverWrong(path, what);
        path.filtering().value().ifPresent(found -> known.merge(found, 1, Integer::sum));
        assertTrue(report.elapsed().compareTo(THREE_SECONDS) <= 0, what);
        ran++;
      }
    }
    int all = ran;
    known.forEach(
        (behaviour, count) -> assertTrue(count > all * 0.25, behaviour + " known " + count));
    assertEquals(288, ran);
  }

  @Test
  void liarsAreNeverBelieved() {
    int ran = 0;
    for (Kind kind : Kind.values()) {
      for (Case one : half(ran)) {
        double loss = ran % 2 == 0 ? 0 : 0.2;
        VirtualRun run =
            new VirtualRun(ran, Duration.ofMillis(30))
                .server(kind, A1, A2)
                .nat(one.nat())
                .losing(loss);
        NatReport report = run.run();
        String what = one.nat() + " with " + kind + ", loss " + loss + ", seed " + ran;
        one.truth().neverWrong(report.path(IpFamily.IPV4).orElseThrow(), what);
        assertTrue(report.elapsed().compareTo(THREE_SECONDS) <= 0, what);
        ran++;
      }
    }
    assertEquals(Kind.values().length * 72, ran);
  }

  @Test
  void aLiarBesideAnHonestServerDoesNoHarm() {
    int ran = 0;
    for (Kind kind : Kind.values()) {
      for (Case one : half(ran + 1)) {
        boolean liarFirst = ran % 2 == 0;
        VirtualRun run = new VirtualRun(ran);
        if (liarFirst) {
          run.server(kind, "203.0.113.11", "203.0.113.12").server(Kind.HONEST, A1, A2);
        } else {
          run.server(Kind.HONEST, A1, A2).server(kind, "203.0.113.11", "203.0.113.12");
        }
        NatReport report = run.nat(one.nat()).run();
        String what = one.nat() + " with " + kind + (liarFirst ? " first" : " second");
        PathReport path = report.path(IpFamily.IPV4).orElseThrow();
        one.truth().neverWrong(path, what + " seed " + ran);
        assertTrue(path.filtering().value().isPresent(), () -> what + ": " + path);
        ran++;
      }
    }
    assertEquals(Kind.values().length * 72, ran);
  }
}
