package dev.culvert.lab.scenario;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario that cannot be understood, with every place where it cannot. */
public final class ScenarioFault extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * One place.
   *
   * @param file as the parser was told
   * @param line from 1
   * @param column from 1, in UTF-16 units
   * @param expected the words that could stand here, or descriptions of such; empty where the words
   *     by themselves are right
   * @param found the word that stands here; empty at the end of a line or where {@code expected} is
   * @param message one line for people
   */
  public record Problem(
      String file, int line, int column, List<String> expected, String found, String message) {
    /** Copies the words. */
    public Problem {
      expected = List.copyOf(expected);
    }

    /** As compilers do: {@code home.scenario:7:14: message}. */
    @Override
    public String toString() {
      return file + ":" + line + ":" + column + ": " + message;
    }
  }

  private final transient List<Problem> problems;

  ScenarioFault(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** At least one, by line. */
  public List<Problem> problems() {
    return problems;
  }

  /** The line of the first, from 1. */
  public int line() {
    return problems.get(0).line();
  }

  /** The column of the first, from 1. */
  public int column() {
    return problems.get(0).column();
  }

  /** What was expected there. */
  public List<String> expected() {
    return problems.get(0).expected();
  }
}
