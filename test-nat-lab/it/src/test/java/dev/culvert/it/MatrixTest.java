package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.matrix.Matrix;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixPlan;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.matrix.ReachTheory;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Pairs that decide hole punching: the kernel's NATs, the simulated ones and theory agree. */
class MatrixTest {
  private static final List<List<Profile>> PAIRS =
      Stream.of(
              "prc,prc",
              "prc,sym",
              "arc,sym",
              "sym,sym",
              "linux,adm",
              "cgn-pair,cgn-pair",
              "cgn-hairpin,cgn-hairpin")
          .map(pair -> Stream.of(pair.split(",")).map(Profile::parse).toList())
          .toList();

  @Test
  void bothWorldsReachTheSame() throws Exception {
    MatrixResult kernel = run(WorldKind.KERNEL);
    MatrixResult sim = run(WorldKind.SIM);
    assertEquals(told(sim), told(kernel));
    for (MatrixResult result : List.of(sim, kernel)) {
      for (MatrixCell cell : result.cells()) {
        assertEquals(
            MatrixCell.Status.AS_EXPECTED,
            cell.status(),
            () -> cell.name() + ": " + cell.detail() + "; again: " + cell.rerun());
      }
    }
  }

  private static MatrixResult run(WorldKind world) throws Exception {
    return Matrix.run(
        new MatrixPlan(
            Verbs.named("reach"),
            List.of(),
            Verbs.named("node"),
            Shape.PAIRS,
            PAIRS,
            world,
            1,
            fields -> fields.getOrDefault("outcome", MatrixCell.FAULT),
            new ReachTheory(),
            Duration.ofSeconds(30)),
        cell -> {});
  }

  private static Map<String, String> told(MatrixResult result) {
    Map<String, String> told = new TreeMap<>();
    result.cells().forEach(cell -> told.put(cell.name(), cell.outcome()));
    return told;
  }
}
