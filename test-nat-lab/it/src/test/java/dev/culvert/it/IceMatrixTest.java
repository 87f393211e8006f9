package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.lab.Lab;
import dev.culvert.lab.matrix.MatrixPlan;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.spec.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Engines of ICE meet behind every pair of profiles, and what comes of it is what theory says. */
@Timeout(900)
@Execution(ExecutionMode.SAME_THREAD)
class IceMatrixTest {
  private static final int PAIRS = 120;
  private static final List<List<String>> ENGINES =
      List.of(
          List.of(IceTrial.OURS, IceTrial.OURS),
          List.of(IceTrial.OURS, IceTrial.ICE4J),
          List.of(IceTrial.ICE4J, IceTrial.OURS));

  @Test
  void everyPairComesToWhatTheorySays() throws Exception {
    List<IceTrial> all = new ArrayList<>();
    List<List<Profile>> pairs = MatrixPlan.cellsOf(Shape.PAIRS, Lab.profiles());
    for (List<Profile> pair : pairs) {
      for (boolean relay : List.of(true, false)) {
        ENGINES.forEach(engines -> all.add(new IceTrial(pair, engines, relay)));
      }
    }
    List<IceMeeting> met = meet(all);
    System.err.println("met: " + outcomes(met));
    assertEquals("", wrong(met));
    assertEquals(2 * ENGINES.size() * PAIRS, met.size());
    Map<String, Long> direct = Map.of("direct", 77L, "unreachable", 43L);
    for (String engines : List.of("culvert,culvert", "culvert,ice4j", "ice4j,culvert")) {
      assertEquals(direct, outcomes(met).get(engines + " alone"), engines);
    }
    assertEquals(Map.of("direct", 77L, "relayed", 43L), outcomes(met).get("culvert,culvert relay"));
    // Where all UDP is blocked ice4j has no way to a relay, on whichever side it is.
    assertEquals(
        Map.of("direct", 77L, "relayed", 33L, "unreachable", 10L),
        outcomes(met).get("culvert,ice4j relay"));
    Map<String, Long> led = outcomes(met).getOrDefault("ice4j,culvert relay", Map.of());
    assertEquals(6L, led.get("unreachable"), led.toString());
    assertEquals(PAIRS - 6L, led.getOrDefault("direct", 0L) + led.getOrDefault("relayed", 0L));
  }

  /** How many meetings of each kind came to what. */
  private static Map<String, Map<String, Long>> outcomes(List<IceMeeting> met) {
    return met.stream()
        .collect(
            Collectors.groupingBy(
                its -> its.trial().kind(),
                TreeMap::new,
                Collectors.groupingBy(IceMeeting::outcome, Collectors.counting())));
  }

  private static List<IceMeeting> meet(List<IceTrial> all) throws Exception {
    Map<Boolean, List<IceTrial>> parts =
        all.stream().collect(Collectors.partitioningBy(IceTrial::shares));
    List<Callable<List<IceMeeting>>> labs = new ArrayList<>();
    labs.add(() -> meet(parts.getOrDefault(false, List.of()), false));
    // Two behind one carrier's NAT are strangers to all others.
    parts.getOrDefault(true, List.of()).stream()
        .collect(Collectors.groupingBy(IceTrial::profiles))
        .values()
        .forEach(each -> labs.add(() -> meet(each, true)));
    return Together.all(labs).stream().flatMap(List::stream).toList();
  }

  /** Time in the kernel is real, so what a busy machine was too slow for is tried once more. */
  private static List<IceMeeting> meet(List<IceTrial> trials, boolean shared) throws Exception {
    try (IceMatrixLab lab = IceMatrixLab.up(trials, shared)) {
      List<IceMeeting> met = new ArrayList<>(lab.run(trials));
      List<IceMeeting> wrong = met.stream().filter(its -> !its.isRight()).toList();
      wrong.forEach(its -> System.err.println("again: " + its));
      met.removeAll(wrong);
      met.addAll(lab.run(wrong.stream().map(IceMeeting::trial).toList()));
      return met;
    }
  }

  private static String wrong(List<IceMeeting> met) {
    return met.stream()
        .filter(its -> !its.isRight())
        .map(IceMeeting::toString)
        .collect(Collectors.joining("\n"));
  }
}
