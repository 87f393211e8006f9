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

/**
 * Two peers behind every pair of profiles connect to each other's keys: all do, directly wherever a
 * plan can, and where none can they say why. A stream runs meanwhile, and nothing of it is lost.
 */
@Timeout(1200)
@Execution(ExecutionMode.SAME_THREAD)
class ConnectMatrixTest {
  private static final int PAIRS = 120;
  private static final long DIRECT = 99;

  /** Whoever may not use UDP stays relayed with all; of the others these do. */
  private static final List<String> RELAYED =
      List.of("adm adm", "adm sym", "adm symseq", "cgn-pair cgn-pair", "sym sym", "sym symseq");

  @Test
  void everyPairConnectsAndIsDirectWhereAPlanCan() throws Exception {
    List<ConnectTrial> all = connect(MatrixPlan.cellsOf(Shape.PAIRS, Lab.profiles()));
    System.err.println("connected: " + summary(all));
    assertEquals(
        "",
        all.stream()
            .filter(its -> !its.isRight())
            .map(ConnectTrial::toString)
            .collect(Collectors.joining("\n")));
    assertEquals(PAIRS, all.size());
    assertEquals(Map.of("direct", DIRECT, "relayed", PAIRS - DIRECT), outcomes(all));
    Map<String, String> reasons = new TreeMap<>();
    all.stream()
        .filter(its -> its.outcome().equals("relayed"))
        .forEach(its -> reasons.put(ConnectTrial.name(its.profiles()), its.reason()));
    assertEquals(List.of(), reasons.keySet().stream().filter(it -> isUnsaid(reasons, it)).toList());
    assertEquals(
        RELAYED, reasons.keySet().stream().filter(name -> !name.contains("blocked")).toList());
  }

  private static boolean isUnsaid(Map<String, String> reasons, String name) {
    return reasons.getOrDefault(name, "").isEmpty();
  }

  private static Map<String, Long> outcomes(List<ConnectTrial> all) {
    return all.stream()
        .collect(Collectors.groupingBy(ConnectTrial::outcome, Collectors.counting()));
  }

  /** How many each plan opened, and the medians of the times, for people. */
  private static String summary(List<ConnectTrial> all) {
    Map<String, List<ConnectTrial>> plans =
        all.stream()
            .collect(Collectors.groupingBy(ConnectTrial::plan, TreeMap::new, Collectors.toList()));
    return plans.entrySet().stream()
        .map(
            each ->
                each.getKey()
                    + " "
                    + each.getValue().size()
                    + " (first byte "
                    + median(each.getValue(), "firstByteMillis")
                    + " ms, direct "
                    + median(each.getValue(), "directMillis")
                    + " ms)")
        .collect(Collectors.joining(", "));
  }

  private static long median(List<ConnectTrial> all, String field) {
    List<Long> sorted = all.stream().map(its -> its.millis(field)).sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static List<ConnectTrial> connect(List<List<Profile>> pairs) throws Exception {
    Map<Boolean, List<List<Profile>>> parts =
        pairs.stream().collect(Collectors.partitioningBy(ConnectMatrixTest::shares));
    List<Callable<List<ConnectTrial>>> labs = new ArrayList<>();
    labs.add(() -> connect(parts.getOrDefault(false, List.of()), false));
    // Two behind one carrier's NAT are strangers to all others.
    parts
        .getOrDefault(true, List.of())
        .forEach(pair -> labs.add(() -> connect(List.of(pair), true)));
    return Together.all(labs).stream().flatMap(List::stream).toList();
  }

  private static boolean shares(List<Profile> pair) {
    return pair.get(0).shared() && pair.get(0).equals(pair.get(1));
  }

  /** Time in the kernel is real, so what a busy machine was too slow for is tried once more. */
  private static List<ConnectTrial> connect(List<List<Profile>> pairs, boolean shared)
      throws Exception {
    try (ConnectMatrixLab lab = ConnectMatrixLab.up(pairs, shared)) {
      List<ConnectTrial> all = new ArrayList<>(lab.run(pairs));
      List<ConnectTrial> wrong = all.stream().filter(its -> !its.isRight()).toList();
      wrong.forEach(its -> System.err.println("again: " + its));
      all.removeAll(wrong);
      all.addAll(lab.run(wrong.stream().map(ConnectTrial::profiles).toList()));
      return all;
    }
  }
}
