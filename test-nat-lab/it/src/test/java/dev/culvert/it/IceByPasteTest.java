package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.matrix.IceTheory;
import dev.culvert.lab.matrix.Matrix;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixPlan;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * {@code culvert ice offer} and {@code answer} connect: directly wherever theory says that two can,
 * by the relay elsewhere.
 */
@Timeout(300)
@Execution(ExecutionMode.SAME_THREAD)
class IceByPasteTest {
  private static final int ATTEMPTS = 3;

  /** Two processes a pair: what each prints on standard output is standard input of the other. */
  @Test
  void byStandardInputAndOutput() throws Exception {
    List<List<Profile>> pairs = new ArrayList<>();
    for (String pair : List.of("prc,prc", "sym,arc", "linux,sym", "cgn-home,blocked")) {
      pairs.add(List.of(pair.split(",", -1)).stream().map(Profile::parse).toList());
    }
    assertEquals(Map.of("direct", 2L, "relayed", 2L), outcomes(again(pairs)));
  }

  private static Map<String, Long> outcomes(Map<List<Profile>, String> found) {
    return found.values().stream()
        .collect(Collectors.groupingBy(its -> its, Collectors.counting()));
  }

  /** Time in the kernel is real, so what a busy machine was too slow for is tried again. */
  private static Map<List<Profile>, String> again(List<List<Profile>> pairs) throws Exception {
    Map<List<Profile>, String> found = new LinkedHashMap<>();
    List<List<Profile>> left = pairs;
    for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
      MatrixResult result = run(left);
      for (MatrixCell cell : result.cells()) {
        found.put(cell.profiles(), cell.outcome());
        if (!cell.isRight()) {
          System.err.println(cell.name() + ": " + cell.detail());
        }
      }
      left =
          result.cells().stream()
              .filter(cell -> !cell.isRight())
              .map(MatrixCell::profiles)
              .toList();
    }
    return found;
  }

  private static MatrixResult run(List<List<Profile>> pairs) throws Exception {
    return Matrix.run(
        new MatrixPlan(
            Verbs.named("ice"),
            List.of(),
            Verbs.named("node", List.of("--relay")),
            Shape.PAIRS,
            pairs,
            WorldKind.KERNEL,
            1,
            fields -> fields.getOrDefault("outcome", MatrixCell.FAULT),
            new IceTheory(),
            Duration.ofMinutes(2)),
        cell -> {});
  }
}
