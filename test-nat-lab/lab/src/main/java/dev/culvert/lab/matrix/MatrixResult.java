package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A matrix that was run.
 *
 * @param verb what was run
 * @param shape which cells there are
 * @param world where
 * @param seed of every topology
 * @param profiles in the order of rows and columns
 * @param cells what came out, in the order of the plan
 * @param elapsed how long all of it took, in real time
 */
public record MatrixResult(
    String verb,
    MatrixPlan.Shape shape,
    WorldKind world,
    long seed,
    List<Profile> profiles,
    List<MatrixCell> cells,
    Duration elapsed) {

  /** Copies the lists. */
  public MatrixResult {
    profiles = List.copyOf(profiles);
    cells = List.copyOf(cells);
  }

  /** The cell of a profile, or of two in either order; empty if it was not asked for. */
  public Optional<MatrixCell> cell(Profile... profiles) {
    List<Profile> forth = List.of(profiles);
    List<Profile> back = profiles.length < 2 ? forth : List.of(profiles[1], profiles[0]);
    return cells.stream()
        .filter(cell -> cell.profiles().equals(forth) || cell.profiles().equals(back))
        .findFirst();
  }

  /** How many cells came out each way, by their outcome. */
  public Map<String, Long> outcomes() {
    Map<String, Long> counts = new TreeMap<>();
    cells.forEach(cell -> counts.merge(cell.outcome(), 1L, Long::sum));
    return counts;
  }

  /** How many cells stand that way to theory. */
  public long count(MatrixCell.Status status) {
    return cells.stream().filter(cell -> cell.status() == status).count();
  }

  /** Whether no cell speaks against theory and every verb could be run. */
  public boolean isRight() {
    return cells.stream().allMatch(MatrixCell::isRight);
  }
}
