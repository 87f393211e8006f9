package dev.culvert.session;

import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Peers behind all pairs of profiles meet through nodes: each pair is connected, and direct where
 * ICE or a plan can; {@code -Dculvert.seeds=100} tries each pair so often.
 */
class MeetMatrixTest {
  private static final long SEEDS = Long.getLong("culvert.seeds", 1);
  private static final String PAIR = System.getProperty("culvert.pair", "");
  private static final Duration SOON = Duration.ofSeconds(30);

  /** As long as three attempts may take, with the pauses between them. */
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private record Cell(Profile one, Profile other) {
    @Override
    public String toString() {
      return one.name() + "," + other.name();
    }
  }

  /** How a pair ended: {@code ice}, the plan's name, or why it stays relayed. */
  private record Run(Cell cell, long seed, String end, Duration toDirect, String story) {}

  private static List<Cell> cells() {
    List<Profile> all = Profile.all();
    List<Cell> cells = new ArrayList<>();
    for (int x = 0; x < all.size(); x++) {
      for (int y = x; y < all.size(); y++) {
        cells.add(new Cell(all.get(x), all.get(y)));
      }
    }
    return cells;
  }

  private static Run run(Cell cell, long seed) {
    // Either of the two calls.
    boolean turned = (seed + cell.toString().hashCode()) % 2 == 0;
    SimTown town =
        (turned
                ? SimTown.between(cell.other(), cell.one(), seed)
                : SimTown.between(cell.one(), cell.other(), seed))
            .build();
    town.meet();
    town.until(SOON, cell + " connected", town::connected);
    Duration began = town.lab.elapsed();
    town.await(PATIENCE, () -> town.isDirect() || town.stays(town.a).isPresent() && town.stays(town.b).isPresent());
    Duration took = town.lab.elapsed().minus(began);
    String end =
        town.isDirect()
            ? town.a.peer.plan(town.a.lastCall()).map(Object::toString).orElse("ice")
            : town.stays(town.a).orElse("not in time");
    return new Run(cell, seed, end, took, town.news());
  }

  @Test
  void everyPairIsConnectedAndDirectWhereSomethingCan() {
    List<Run> runs =
        cells().stream()
            .filter(cell -> PAIR.isEmpty() || PAIR.equals(cell.toString()))
            .flatMap(cell -> LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> Map.entry(cell, seed)))
            .toList()
            .parallelStream()
            .map(each -> run(each.getKey(), each.getValue()))
            .toList();
    for (Run run : runs) {
      if (!run.end().equals("ice") || !SimReach.direct(run.cell().one(), run.cell().other())) {
        System.out.println(run.cell() + " " + run.end() + " " + run.toDirect().toMillis() + " ms");
        System.out.println(run.story());
      }
    }
  }
}
