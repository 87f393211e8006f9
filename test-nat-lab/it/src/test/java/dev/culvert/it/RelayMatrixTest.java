package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.Lab;
import dev.culvert.lab.matrix.Matrix;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixPlan;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.matrix.RelayTheory;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every profile reaches every other through the relay, whatever it lets pass. */
@Timeout(600)
@Execution(ExecutionMode.SAME_THREAD)
class RelayMatrixTest {
  private static final int PROFILES = 15;
  private static final int PAIRS = PROFILES * (PROFILES + 1) / 2;
  private static final int ATTEMPTS = 3;

  @Test
  void everyPairOfProfilesInTheSimulator() throws Exception {
    MatrixResult result =
        run(WorldKind.SIM, MatrixPlan.cellsOf(Shape.PAIRS, Lab.profiles()), "any");
    assertEquals(PAIRS, relayed(result));
    for (MatrixCell cell : result.cells()) {
      assertEquals(
          List.of(over(cell.profiles().get(0)), over(cell.profiles().get(1)), "0", "0"),
          List.of(
              field(cell, "over"),
              field(cell, "peer.over"),
              field(cell, "lost"),
              field(cell, "peer.lost")),
          cell::rerun);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp", "tls"})
  void everyPairOfProfilesOverStreamsInTheSimulator(String over) throws Exception {
    MatrixResult result = run(WorldKind.SIM, MatrixPlan.cellsOf(Shape.PAIRS, Lab.profiles()), over);
    assertEquals(PAIRS, relayed(result));
  }

  @Test
  void everyProfileWithTheNextOneInTheKernel() throws Exception {
    assertEquals(PROFILES, relayedInTheKernel(ring()));
  }

  /** Each profile once on either side. */
  private static List<List<Profile>> ring() {
    List<Profile> all = Lab.profiles();
    List<List<Profile>> pairs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      pairs.add(List.of(all.get(i), all.get((i + 1) % all.size())));
    }
    return pairs;
  }

  /** Time in the kernel is real, so what a busy machine was too slow for is tried again. */
  private static long relayedInTheKernel(List<List<Profile>> pairs) throws Exception {
    long relayed = 0;
    List<List<Profile>> left = pairs;
    for (int attempt = 0; attempt < ATTEMPTS && !left.isEmpty(); attempt++) {
      MatrixResult result = run(WorldKind.KERNEL, left, "any");
      relayed += relayed(result);
      left =
          result.cells().stream()
              .filter(cell -> !cell.isRight())
              .peek(cell -> System.err.println(cell.name() + ": " + cell.detail()))
              .map(MatrixCell::profiles)
              .toList();
    }
    return relayed;
  }

  private static MatrixResult run(WorldKind world, List<List<Profile>> cells, String over)
      throws Exception {
    return Matrix.run(
        new MatrixPlan(
            Verbs.named("relay"),
            List.of("--over", over),
            Verbs.named("node", List.of("--relay")),
            Shape.PAIRS,
            cells,
            world,
            1,
            fields -> fields.getOrDefault("outcome", MatrixCell.FAULT),
            new RelayTheory(),
            Duration.ofSeconds(60)),
        cell -> {});
  }

  private static long relayed(MatrixResult result) {
    return result.outcomes().getOrDefault("relayed", 0L);
  }

  private static String over(Profile profile) {
    boolean blocked =
        profile.routers().stream()
            .map(NatBehaviour::traffic)
            .anyMatch(traffic -> traffic == Traffic.NO_UDP);
    return blocked ? "tcp" : "udp";
  }

  private static String field(MatrixCell cell, String name) {
    return cell.fields().getOrDefault(name, "");
  }
}
