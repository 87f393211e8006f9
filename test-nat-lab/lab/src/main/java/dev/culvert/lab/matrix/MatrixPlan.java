package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.Verb;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What to run, and behind what.
 *
 * @param verb what is run on host a
 * @param arguments what it is given; in pairs the name of host b comes before
 * @param server what runs on s1 before that
 * @param shape which cells there are
 * @param cells the profiles of each cell's hosts, a's first: one or two
 * @param world where
 * @param seed of every topology
 * @param outcome what counts in a verb's fields, in a few words
 * @param theory what to expect
 * @param limit how long one cell may take, in the time of its world
 */
public record MatrixPlan(
    Verb verb,
    List<String> arguments,
    Verb server,
    Shape shape,
    List<List<Profile>> cells,
    WorldKind world,
    long seed,
    Function<Map<String, String>, String> outcome,
    Theory theory,
    Duration limit) {

  /** Which cells a matrix has. */
  public enum Shape {
    /** One host behind each profile. */
    SINGLES,
    /** Two hosts, each pair of profiles once, a profile with itself included. */
    PAIRS
  }

  /** Copies the cells; refuses a cell whose hosts are not as many as the shape says. */
  public MatrixPlan {
    arguments = List.copyOf(arguments);
    cells = cells.stream().map(List::copyOf).toList();
    int hosts = shape == Shape.SINGLES ? 1 : 2;
    if (cells.isEmpty() || cells.stream().anyMatch(cell -> cell.size() != hosts)) {
      throw new IllegalArgumentException("a matrix has cells, each with " + hosts + " host(s)");
    }
  }

  /** Every profile alone, or every unordered pair, in the order given. */
  public static List<List<Profile>> cellsOf(Shape shape, List<Profile> profiles) {
    List<List<Profile>> cells = new ArrayList<>();
    for (int i = 0; i < profiles.size(); i++) {
      if (shape == Shape.SINGLES) {
        cells.add(List.of(profiles.get(i)));
      } else {
        for (int j = i; j < profiles.size(); j++) {
          cells.add(List.of(profiles.get(i), profiles.get(j)));
        }
      }
    }
    return cells;
  }

  /** The profiles that occur, each once. */
  public List<Profile> profiles() {
    Map<String, Profile> all = new LinkedHashMap<>();
    cells.forEach(cell -> cell.forEach(profile -> all.putIfAbsent(profile.name(), profile)));
    return List.copyOf(all.values());
  }

  /**
   * The topology of a cell: host a and, in pairs, host b, and the usual servers. Two hosts share a
   * carrier NAT only where both are behind the same profile that says so.
   */
  LabSpec spec(List<Profile> cell) {
    LabSpecBuilder builder = LabSpec.builder().seed(seed);
    boolean shared = shares(cell);
    for (int i = 0; i < cell.size(); i++) {
      Profile its = cell.get(i);
      builder.home(
          i == 0 ? "a" : "b",
          shared ? its : new Profile(its.name(), its.summary(), its.routers(), false));
    }
    return builder.build();
  }

  static boolean shares(List<Profile> cell) {
    return cell.size() == 2 && cell.get(0).shared() && cell.get(0).equals(cell.get(1));
  }
}
