package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.Profile;
import java.util.List;
import java.util.Optional;

/** What should come out of a cell before anything is tried. Safe for any thread. */
@FunctionalInterface
public interface Theory {
  /** Expects nothing. */
  Theory NONE = cell -> Optional.empty();

  /**
   * An expectation.
   *
   * @param outcome the word that should come out
   * @param why one sentence for people
   */
  record Expected(String outcome, String why) {}

  /**
   * What should come out; empty where theory does not say.
   *
   * @param cell the profiles of the hosts, one or two
   */
  Optional<Expected> of(List<Profile> cell);
}
