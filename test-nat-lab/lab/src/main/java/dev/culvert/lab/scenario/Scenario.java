package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.WorldKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A topology, what happens in it, and what must be found.
 *
 * @param file where it came from, as the parser was told
 * @param name what people call it
 * @param restriction the one world that it is for; empty if it is for both
 * @param topology what to build; holds the seed
 * @param steps in the order of the file
 */
public record Scenario(
    String file,
    String name,
    Optional<Restriction> restriction,
    LabSpec topology,
    List<Step> steps) {

  /**
   * Why a scenario runs in one world only.
   *
   * @param world the one
   * @param reason why not in the other, one line for people
   */
  public record Restriction(WorldKind world, String reason) {}

  /** Copies the steps. */
  public Scenario {
    steps = List.copyOf(steps);
  }

  /** The worlds that it is meant for; whether they can do it they say themselves. */
  public Set<WorldKind> worlds() {
    return restriction
        .map(only -> (Set<WorldKind>) EnumSet.of(only.world()))
        .orElseGet(() -> EnumSet.allOf(WorldKind.class));
  }

  /** What chance follows from. */
  public long seed() {
    return topology.seed();
  }

  /** The same with another seed. */
  public Scenario withSeed(long seed) {
    LabSpec reseeded =
        new LabSpec(
            topology.addresses(),
            topology.routers(),
            topology.hosts(),
            topology.impairment(),
            seed);
    return new Scenario(file, name, restriction, reseeded, steps);
  }
}
