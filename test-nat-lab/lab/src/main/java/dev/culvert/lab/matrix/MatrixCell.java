package dev.culvert.lab.matrix;

import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What came out between two profiles, or behind one.
 *
 * @param profiles of host a and, in pairs, host b
 * @param outcome in a few words; {@link #FAULT} where the verb could not be run
 * @param expected what theory says, if it does
 * @param time what the verb says it took, or else what it took in the time of its world
 * @param fields all that the verb found
 * @param detail what the verb said, or why it could not be run
 * @param trace the fates of the last packets, of a simulated cell that is not right; else empty
 * @param rerun the command line that runs this cell alone
 */
public record MatrixCell(
    List<Profile> profiles,
    String outcome,
    Optional<Theory.Expected> expected,
    Duration time,
    Map<String, String> fields,
    String detail,
    List<String> trace,
    String rerun) {
  /** The outcome of a cell whose verb could not be run. */
  public static final String FAULT = "fault";

  /** How a cell stands to theory. */
  public enum Status {
    /** As theory says. */
    AS_EXPECTED,
    /** Not as theory says. */
    UNEXPECTED,
    /** Theory does not say. */
    NO_EXPECTATION,
    /** The verb could not be run. */
    FAULT
  }

  /** Copies lists and maps. */
  public MatrixCell {
    profiles = List.copyOf(profiles);
    fields = Map.copyOf(fields);
    trace = List.copyOf(trace);
  }

  /** How it stands to theory. */
  public Status status() {
    if (outcome.equals(FAULT)) {
      return Status.FAULT;
    }
    return expected
        .map(it -> it.outcome().equals(outcome) ? Status.AS_EXPECTED : Status.UNEXPECTED)
        .orElse(Status.NO_EXPECTATION);
  }

  /** Whether nothing speaks against it. */
  public boolean isRight() {
    return status() == Status.AS_EXPECTED || status() == Status.NO_EXPECTATION;
  }

  /** The same with what its packets went through. */
  MatrixCell withTrace(List<String> lines) {
    return new MatrixCell(profiles, outcome, expected, time, fields, detail, lines, rerun);
  }

  /** The profiles' names: {@code prc × sym}. */
  public String name() {
    return profiles.stream().map(Profile::name).collect(Collectors.joining(" × "));
  }
}
