package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Peers behind all pairs of profiles meet through nodes: each pair is connected, and direct where
 * ICE or a plan can; {@code -Dculvert.seeds=100} tries each pair so often, {@code
 * -Dculvert.every=5} each fifth pair alone.
 */
class MeetMatrixTest {
  private static final long SEEDS = Long.getLong("culvert.seeds", 1);
  private static final int EVERY = Integer.getInteger("culvert.every", 1);
  private static final String PAIR = System.getProperty("culvert.pair", "");
  private static final long ONLY = Long.getLong("culvert.seed", -1);
  private static final Duration SOON = Duration.ofSeconds(30);

  /** As long as three attempts may take, with the pauses between them. */
  private static final Duration PATIENCE = Duration.ofSeconds(200);

  private static final String BOTH = "both sides draw random ports";
  private static final String MIXED =
      "one side draws random ports, and the other takes a new port for each that it tries";
  private static final String BLIND = "no server answers a side over UDP";
  private static final String WALL = "both are behind one NAT that does not hairpin";

  /** The pairs that stay on the relay, and why; with {@code blocked} everybody does. */
  private static final Map<String, String> RELAYED =
      Map.of(
          "adm,adm", BOTH,
          "adm,sym", BOTH,
          "sym,sym", BOTH,
          "adm,symseq", MIXED,
          "sym,symseq", MIXED,
          "cgn-pair,cgn-pair", WALL);

  /** What opens the others that plain ICE leaves on the relay. */
  private static final List<String> STEADY =
      List.of("prc", "linux", "timeout5", "firewall", "cgn-home", "cgn-pair", "cgn-hairpin");

  private record Cell(Profile one, Profile other) {
    private boolean has(String name) {
      return one.name().equals(name) || other.name().equals(name);
    }

    /** {@code ice}, the name of a plan, or why it stays on the relay. */
    String expected() {
      if (has("blocked")) {
        return BLIND;
      }
      boolean punched = STEADY.stream().anyMatch(this::has);
      if (SimReach.direct(one, other)) {
        return "ice";
      } else if (RELAYED.containsKey(toString())) {
        return RELAYED.getOrDefault(toString(), "");
      } else if (has("symseq")) {
        return punched ? "prediction" : "double-prediction";
      }
      return punched ? "birthday" : "nothing that anybody thought of";
    }

    @Override
    public String toString() {
      return one.name() + "," + other.name();
    }
  }

  private record Run(Cell cell, long seed, String end, String story) {
    boolean isAsExpected() {
      return end.equals(cell.expected());
    }

    @Override
    public String toString() {
      return cell
          + ": "
          + end
          + ", not "
          + cell.expected()
          + "; alone: -Dculvert.pair="
          + cell
          + " -Dculvert.seed="
          + seed
          + "\n"
          + story;
    }
  }

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
    Profile caller = turned ? cell.other() : cell.one();
    SimTown town = SimTown.between(caller, turned ? cell.one() : cell.other(), seed).build();
    town.meet();
    boolean connected = town.await(SOON, town::connected);
    town.await(PATIENCE, () -> town.isDirect() || town.stays());
    String why = town.why(town.a).replaceAll("(this|the other) side over", "a side over");
    String end =
        town.isDirect()
            ? town.a.peer.plan(town.a.lastCall()).map(Object::toString).orElse("ice")
            : town.stays() ? why : "not in time";
    return new Run(cell, seed, connected ? end : "not connected", town.news());
  }

  @Test
  void everyPairIsConnectedAndDirectWhereSomethingCan() {
    List<Cell> all = cells();
    List<Cell> cells =
        IntStream.range(0, all.size())
            .filter(index -> index % EVERY == 0)
            .mapToObj(all::get)
            .filter(its -> PAIR.isEmpty() || PAIR.equals(its.toString()))
            .toList();
    List<Long> seeds =
        (ONLY >= 0 ? LongStream.of(ONLY) : LongStream.rangeClosed(1, SEEDS)).boxed().toList();
    List<Run> runs =
        cells.parallelStream()
            .flatMap(cell -> seeds.stream().map(seed -> run(cell, seed)))
            .toList();
    List<Run> wrong = runs.stream().filter(its -> !its.isAsExpected()).toList();
    wrong.forEach(System.out::println);
    assertEquals(List.of(), wrong.stream().map(its -> its.cell() + " " + its.seed()).toList());
    assertEquals((long) cells.size() * seeds.size(), runs.size());
  }

  /** What is expected, counted: 99 of 120 pairs are direct, 22 of them because of a plan. */
  @Test
  void plansOpenWhatIceCannot() {
    Map<String, Long> counts =
        cells().stream()
            .collect(Collectors.groupingBy(Cell::expected, TreeMap::new, Collectors.counting()));
    Map<String, Long> expected =
        Stream.of(
                Map.entry("ice", 77L),
                Map.entry("birthday", 14L),
                Map.entry("prediction", 7L),
                Map.entry("double-prediction", 1L),
                Map.entry(BOTH, 3L),
                Map.entry(MIXED, 2L),
                Map.entry(WALL, 1L),
                Map.entry(BLIND, 15L))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    assertEquals(new TreeMap<>(expected), counts);
    assertEquals(120, counts.values().stream().mapToLong(Long::longValue).sum());
  }
}
